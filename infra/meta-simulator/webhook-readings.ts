/** What Meta's pages on webhooks leave open or contradict each other in, and which of the readings holds here. */
export interface WebhookReadings {
  /** A day and a half with no end for the account, or one hour and then the account is unsubscribed. */
  readonly failureRegime: 'messenger_1_hour' | 'graph_36_hours';
  /** One page asks for an answer within 5 s, an older one cuts the call at 20 s. */
  readonly answerDeadlineMs: number;
  /** No page says which of an app's two secrets signs under Instagram login; practice says its Instagram one. */
  readonly instagramLoginSignedWith: 'instagram_secret' | 'facebook_secret';
  /** Whether the older `X-Hub-Signature` (SHA-1), no longer documented, still comes along. */
  readonly sha1Signature: 'absent' | 'sent';
  /** Whether Meta presents its client certificate, as a load balancer before the receiver would tell it. */
  readonly clientCertificate: 'absent' | 'told_by_load_balancer';
  /** Whether a challenge is taken with any content type, or as plain text alone. */
  readonly challengeContentType: 'any' | 'plain_text';
  /** Under Instagram login echoes have a field of their own in the list; whether they need it is not said. */
  readonly echoField: 'messages' | 'message_echoes';
  /** Messenger's echoes name the app and repeat the send's metadata; Instagram's are not documented to. */
  readonly echoAppId: 'absent' | 'sent';
  /** The inner shape of a template's echo: the reference has a `generic` map, or it is as it was sent. */
  readonly templateEcho: 'generic_map' | 'as_sent';
  /** A shared post came as `share`, then as both, and as `ig_post` alone once the rollout is through. */
  readonly sharedPosts: 'ig_post' | 'share' | 'both';
  /** One page folds stickers and GIFs into `image`, one says they cause no webhook, Messenger adds `sticker`. */
  readonly stickers: 'image' | 'no_webhook' | 'image_and_sticker';
  /** What Meta does not support: a flag by the page, an attachment by observation. */
  readonly unsupported: 'flag' | 'attachment' | 'attachment_without_mid';
  /** Whether inline replies tell `is_self_reply`. */
  readonly selfReply: 'sent' | 'absent';
  /** The sample quotes `num_edit`, Messenger's reference has a number. */
  readonly editCount: 'number' | 'string';
  /** Whether a `message_edit` that stands for a new message names its sender. */
  readonly substituteEditSender: 'sent' | 'absent';
  /** The reference calls a comment's id `id`, the Facebook-login example `comment_id`. */
  readonly commentId: 'by_login' | 'id' | 'comment_id';
  /** Comments in `changes`, or with field and value flat on the entry as Instagram login's page shows. */
  readonly commentEnvelope: 'changes' | 'flat';
  /** Comments on boosted posts may be notified twice. */
  readonly adComments: 'once' | 'twice';
}

export const defaultWebhookReadings: WebhookReadings = {
  failureRegime: 'messenger_1_hour',
  answerDeadlineMs: 20_000,
  instagramLoginSignedWith: 'instagram_secret',
  sha1Signature: 'absent',
  clientCertificate: 'absent',
  challengeContentType: 'any',
  echoField: 'messages',
  echoAppId: 'absent',
  templateEcho: 'generic_map',
  sharedPosts: 'ig_post',
  stickers: 'image',
  unsupported: 'flag',
  selfReply: 'sent',
  editCount: 'number',
  substituteEditSender: 'sent',
  commentId: 'by_login',
  commentEnvelope: 'changes',
  adComments: 'once',
};
