import type { WindowKind } from './rate-limits.ts';
import { defaultWebhookReadings, type WebhookReadings } from './webhook-readings.ts';

/**
 * What Meta's pages leave open or contradict each other in. The gateway has to work with either reading, so
 * each can be switched.
 */
export interface Readings extends WebhookReadings {
  /** Which subcode of 10 a text outside the reply window gets: the table has one of Instagram and one of Messenger. */
  readonly windowSubcode: 2534022 | 2018278;
  /** How a thread held by another app refuses: 100 with one of two subcodes, or 2018300 as the code itself. */
  readonly notOwner: 2534037 | 2534014 | 2018300;
  /** Messaging errors have no documented HTTP status: always 400, or one by the kind of error. */
  readonly errorStatus: 'always_400' | 'by_kind';
  /** `reply_to` is documented for Facebook login alone. */
  readonly replyToOnInstagramLogin: 'accepted' | 'refused';
  /** The page on sender actions prints the Facebook host for Instagram tokens. */
  readonly senderActionsOnInstagramLogin: 'accepted' | 'refused';
  /** One page of Facebook login names `love` as the only reaction. */
  readonly reactionsOnFacebookLogin: 'any' | 'love';
  /** Whether HUMAN_AGENT goes with `messaging_type: MESSAGE_TAG`. */
  readonly messageTagType: 'tolerated' | 'required' | 'refused';
  /** 1000 bytes says the request's reference, fewer than 1000 characters its list of limits. */
  readonly textLimit: '1000_bytes' | '999_characters';
  /** Messenger's limit to the title of a template's button; Instagram's pages name none. */
  readonly buttonTitleLimit: 20 | undefined;
  /** GIF stands in the prose on images, not in the table of formats. */
  readonly gifImages: 'accepted' | 'refused';
  /** Whether a single image may stand alone or in a list of one, or as the samples of each login have it. */
  readonly singleImage: 'either' | 'by_login';
  /** `conversations?user_id=` of somebody who never wrote. */
  readonly unknownUserConversations: 'empty' | 'refused';
  /** Instagram login documents five fields of a message; the rest is known from Facebook login. */
  readonly messageFieldsOnInstagramLogin: 'all' | 'documented';
  /** Whom an app with Standard Access reaches under Instagram login. */
  readonly standardAccessOnInstagramLogin: 'people_with_roles' | 'everybody';
  /** The code of "User consent is required" is not in the table. */
  readonly consentCode: 230 | 100;
  /** 100 by two pages, 300 by a third. */
  readonly textSendsPerSecond: 100 | 300;
  /** Whether "a second" is the last one or the clock's. */
  readonly limitWindow: WindowKind;
  /** What a single thread takes within a second: there is a limit, but no number. */
  readonly threadSendsPerSecond: number;
  /** Whether graph.instagram.com tells its usage. */
  readonly usageHeadersOnInstagramLogin: 'sent' | 'absent';
  /** The `type` in X-Business-Use-Case-Usage that messaging calls count under. */
  readonly usageType: 'messenger' | 'instagram';
  /** Whether `debug_token` knows tokens of Instagram login. */
  readonly debugTokenOfInstagramLogin: 'accepted' | 'refused';
  /** Whether `appsecret_proof` is looked at under Instagram login, and which of the app's secrets makes it. */
  readonly proofOnInstagramLogin: 'with_instagram_secret' | 'with_facebook_secret' | 'ignored';
  /** The answer to a code exchange: wrapped in `data`, or flat with permissions as a list. */
  readonly codeExchangeShape: 'data' | 'flat';
  /** How a send to somebody without a role is refused under Standard Access: each of the three is reported. */
  readonly standardAccessRefusal: '200' | '1/99' | '10/2534022';
  /** Whether `ig_exchange_token` takes a token that is long-lived already; practice says that it does not. */
  readonly exchangeOfLongLivedToken: 'refused' | 'accepted';
  /** How a call about messages is refused that lacks their permission: each of the three is reported. */
  readonly missingPermissionOfMessages: 200 | 10 | 230;
  /** The reference on an app's subscriptions omits the object `instagram`; practice lists it. */
  readonly appSubscriptionsOfInstagram: 'listed' | 'absent';
  /** Their fields: a list of names by the reference, each with its version by the guide. */
  readonly appSubscriptionFields: 'with_version' | 'names';
  /** What `GET …/subscribed_apps` tells of an app under Instagram login: its fields, or its name alone. */
  readonly subscribedAppsShape: 'with_fields' | 'without_fields';
}

export const defaultReadings: Readings = {
  ...defaultWebhookReadings,
  windowSubcode: 2534022,
  notOwner: 2534037,
  errorStatus: 'always_400',
  replyToOnInstagramLogin: 'accepted',
  senderActionsOnInstagramLogin: 'accepted',
  reactionsOnFacebookLogin: 'any',
  messageTagType: 'tolerated',
  textLimit: '1000_bytes',
  buttonTitleLimit: 20,
  gifImages: 'accepted',
  singleImage: 'either',
  unknownUserConversations: 'empty',
  messageFieldsOnInstagramLogin: 'all',
  standardAccessOnInstagramLogin: 'people_with_roles',
  consentCode: 230,
  textSendsPerSecond: 100,
  limitWindow: 'aligned',
  threadSendsPerSecond: 20,
  usageHeadersOnInstagramLogin: 'sent',
  usageType: 'messenger',
  debugTokenOfInstagramLogin: 'refused',
  proofOnInstagramLogin: 'with_instagram_secret',
  codeExchangeShape: 'data',
  standardAccessRefusal: '200',
  exchangeOfLongLivedToken: 'refused',
  missingPermissionOfMessages: 200,
  appSubscriptionsOfInstagram: 'listed',
  appSubscriptionFields: 'with_version',
  subscribedAppsShape: 'with_fields',
};
