/**
 * Everything that can be wrong with a gateway's connection to Meta, once: `npm run doctor`, `GET /api/status`
 * and docs/troubleshooting.md all speak from here. Codes are stable; a code says one cause.
 */
export interface FindingEntry {
  /** `error`: messages are lost or cannot be sent now. `warning`: they will be, or some are. */
  readonly severity: 'error' | 'warning';
  /** Meta tells it by no API: it is inferred, and its evidence is shown. */
  readonly isLikely?: true;
  /** A heading for people. */
  readonly title: string;
  /** What it means for the owner. */
  readonly means: string;
  /** What to do about it, in plain words. */
  readonly remedy: string;
}

const connectAgain = 'Run "npm run connect" with a new token.';

/** What a Facebook-login token needs: the seed's five, and the one that subscribes the Page. MP §0.2. */
export const facebookPermissions = [
  'pages_show_list',
  'pages_messaging',
  'pages_read_engagement',
  'pages_manage_metadata',
  'instagram_basic',
  'instagram_manage_messages',
] as const;

/** What an Instagram-login token needs. MP §0.2. */
export const instagramPermissions = [
  'instagram_business_basic',
  'instagram_business_manage_messages',
] as const;

export type Permission = (typeof facebookPermissions)[number] | (typeof instagramPermissions)[number];

const permissionPurposes: Readonly<Record<Permission, string>> = {
  pages_show_list: 'Your Pages cannot be listed, so the Page token cannot be found from a User token.',
  pages_messaging: 'Messages cannot be sent.',
  pages_read_engagement: 'Messages and profiles cannot be read.',
  pages_manage_metadata: 'The Page cannot be subscribed, so no webhook comes.',
  instagram_basic: 'The Instagram account behind the Page cannot be read.',
  instagram_manage_messages: 'Instagram messages can be neither read nor sent.',
  instagram_business_basic: 'The account cannot be read, and its token cannot be refreshed.',
  instagram_business_manage_messages: 'Messages can be neither read nor sent.',
};

export type MissingPermissionCode = `permission_missing_${Permission}`;

const missingPermissions = Object.fromEntries(
  Object.entries(permissionPurposes).map(([permission, means]): [string, FindingEntry] => [
    `permission_missing_${permission}`,
    {
      severity: 'error',
      title: `The token lacks ${permission}`,
      means,
      remedy: `Make a new token, tick ${permission} and grant it for this account, then run "npm run connect" with it.`,
    },
  ]),
) as Record<MissingPermissionCode, FindingEntry>;

const entries = {
  not_connected: {
    severity: 'error',
    title: 'The gateway is not connected to Instagram',
    means: 'Values are missing without which nothing can be received or sent.',
    remedy: 'Run "npm run connect": it asks for each value, checks it and stores it.',
  },
  app_id_unset: {
    severity: 'warning',
    title: 'The app id is not set',
    means: 'Whose token it is, what it may do and when it ends cannot be checked.',
    remedy:
      'Set APP_ID: the app ids in the order of APP_SECRET. The App Dashboard shows an app\'s id beside its secret. "npm run connect" asks for it.',
  },
  app_id_wrong: {
    severity: 'warning',
    title: 'The app id does not go with its secret',
    means:
      'Messages are received and sent. Whose token it is, what it may do and when it ends cannot be checked.',
    remedy:
      'Set APP_ID to the id that the App Dashboard shows beside the secret; the n-th id belongs to the n-th secret.',
  },
  alarm_address_unset: {
    severity: 'warning',
    title: 'Nobody is told when something breaks',
    means: 'Alarms exist, and no e-mail address gets them.',
    remedy: 'Deploy again with ALARM_EMAIL=you@example.com, and confirm the mail that AWS sends.',
  },

  token_is_user_token: {
    severity: 'error',
    title: 'PAGE_ACCESS_TOKEN is a User token',
    means: 'It speaks for a person, not for the Page, so messages can be neither read nor sent with it.',
    remedy: 'Run "npm run connect" with it: it derives the Page token. By hand: GET /me/accounts.',
  },
  token_expired: {
    severity: 'error',
    title: 'The token has expired',
    means: 'Nothing can be sent or read at Meta. Webhooks still come in and are kept.',
    remedy: connectAgain,
  },
  token_password_changed: {
    severity: 'error',
    title: 'The token ended with a changed password',
    means: 'Meta ends every token of a person who changes the password. Webhooks still come in and are kept.',
    remedy: connectAgain,
  },
  token_app_removed: {
    severity: 'error',
    title: "The account's owner removed the app",
    means: 'The app may no longer act for the account: nothing is sent, and webhooks end too.',
    remedy: 'Let the owner log in to the app again and agree, then run "npm run connect" with the new token.',
  },
  token_invalid: {
    severity: 'error',
    title: 'Meta refuses the token',
    means: 'It is cut off, mistyped, of the other login, or was ended by Meta.',
    remedy: `${connectAgain} INSTAGRAM_LOGIN must say which login it comes from.`,
  },
  proof_refused: {
    severity: 'error',
    title: "Meta refuses the token's proof",
    means:
      "The app demands appsecret_proof with each call, and what is stored with the token is none, or another token's.",
    remedy:
      'Set APPSECRET_PROOF=on, with the app\'s own secret first in APP_SECRET. Or run "npm run connect", which finds out; or switch "Require app secret" off in the App Dashboard.',
  },
  token_expires_soon: {
    severity: 'warning',
    title: 'The token ends soon',
    means: 'From then on nothing can be sent or read at Meta.',
    remedy: `${connectAgain} With Facebook login give it a User token: the Page token made from a long-lived one has no end.`,
  },
  token_not_refreshed: {
    severity: 'warning',
    title: 'The token is not refreshed any more',
    means:
      'A token of Instagram login ends 60 days after it was made or refreshed last. It should have been refreshed days ago.',
    remedy: `Look at the log of refresh-token: it has what Meta answered each day. ${connectAgain} On this machine each start takes the token of .env.local again, so that only "npm run connect" lengthens its life.`,
  },
  data_access_expires_soon: {
    severity: 'warning',
    title: "The app's access to data ends soon",
    means: 'Meta lets an app read for about 90 days after a person last used it, whatever the token says.',
    remedy: `Only a person can renew it: log in to the app again. ${connectAgain}`,
  },
  token_of_another_app: {
    severity: 'error',
    title: "The token belongs to another app than the webhook's",
    means:
      "Messages arrive and answers are refused: Meta ties a customer's id, and the right to answer, to the app that received the message.",
    remedy:
      "Use one app for both. Make a token with the app whose id stands first in APP_ID, or put that other app's id and secret there and set its webhook up. docs/ids.md explains it.",
  },
  ...missingPermissions,

  page_not_linked: {
    severity: 'error',
    title: 'The Page is not linked to an Instagram account',
    means: 'Meta knows no Instagram account to receive or send for.',
    remedy:
      'In the Page\'s settings look for the linked accounts and link the Instagram account there, then run "npm run connect" with a new token.',
  },
  account_not_professional: {
    severity: 'error',
    title: 'The Instagram account is not a professional one',
    means: 'Meta gives messages of Business and Creator accounts alone to apps.',
    remedy:
      'In the Instagram app, in the settings, look for the account type and switch to a professional account, then run "npm run connect" again.',
  },
  ig_user_id_is_page_id: {
    severity: 'error',
    title: 'IG_USER_ID is the id of the Page',
    means: 'The gateway would take the Page for the account, and find no customer in its conversations.',
    remedy: 'Set IG_USER_ID to the id of the Instagram account, as found here. "npm run connect" finds it.',
  },
  ig_user_id_is_app_scoped_id: {
    severity: 'error',
    title: 'IG_USER_ID is an app-scoped id',
    means:
      "Instagram login shows the account under two ids: `id` is this app's own, `user_id` is in the webhooks.",
    remedy: 'Set IG_USER_ID to `user_id`, as found here. "npm run connect" finds it.',
  },
  ig_user_id_of_another_account: {
    severity: 'error',
    title: 'IG_USER_ID is not the account of the token',
    means: 'The token speaks for one account, the settings name another.',
    remedy: 'Set IG_USER_ID to the id found here, or make a token for the account that you mean.',
  },

  app_secret_wrong: {
    severity: 'error',
    title: "The app secret is not the app's",
    means: 'No delivery passes its signature check, so each is refused and Meta gives up after an hour.',
    remedy:
      'Copy the secret again from the App Dashboard, and run "npm run connect" with it. It changes when somebody resets it.',
  },
  signed_by_other_secret: {
    severity: 'error',
    title: 'Deliveries are signed with another secret',
    means:
      'An app with Instagram login has two pairs of id and secret. The configured one is good, and is not the one that signs.',
    remedy:
      'Give both pairs, separated by commas: the Instagram app\'s (App Dashboard > Instagram > API setup with Instagram login) and the Meta app\'s (App settings > Basic). "npm run connect" takes both.',
  },
  verify_token_wrong: {
    severity: 'error',
    title: 'The verify token in the App Dashboard is another one',
    means: "Meta's handshake was refused, so the callback URL was not accepted.",
    remedy:
      'Type the verify token again in the App Dashboard: "npm run connect -- --public-url …" prints it.',
  },
  page_object_subscribed: {
    severity: 'error',
    title: 'The webhook is set up for the object Page',
    means: "Deliveries come, of the Page's Messenger messages, and none of Instagram's.",
    remedy:
      'In the App Dashboard, under Webhooks, choose the object Instagram and subscribe to its messages.',
  },
  messages_field_missing: {
    severity: 'error',
    title: 'The field messages is not subscribed',
    means: 'Meta delivers no messages.',
    remedy:
      'Facebook login: tick messages for the object Instagram in the App Dashboard, under Webhooks. Instagram login: run "npm run connect", which subscribes it.',
  },
  not_subscribed: {
    severity: 'error',
    title: 'The account is not subscribed',
    means: 'Meta delivers nothing for it. It ends a subscription by itself when deliveries fail for an hour.',
    remedy:
      'Mend what made deliveries fail, then run "npm run connect", which subscribes again. The hourly check renews a subscription that was there before, once a day at most.',
  },
  subscription_renewed: {
    severity: 'warning',
    title: 'The subscription had ended, and was renewed',
    means:
      'Meta delivered nothing for a while. What came meanwhile is fetched by comparing with Meta, as far as Meta gives it out.',
    remedy:
      'Look for what made deliveries fail: webhook-failures and signature-failures in docs/runbook.md. To end a subscription on purpose, deploy with RESUBSCRIBE=off first.',
  },
  callback_elsewhere: {
    severity: 'error',
    title: 'Meta delivers to another address',
    means: 'An app has one callback URL for Instagram, and it leads elsewhere than to this gateway.',
    remedy:
      "Set the callback URL in the App Dashboard to this gateway's, or use an app of its own for each gateway.",
  },
  message_access_off: {
    severity: 'error',
    title: "The account's owner switched off access to messages",
    means: 'Meta refuses every call about messages (200/2534041).',
    remedy:
      'In the Instagram app, in the settings for messages, look for connected tools and switch on "allow access to messages".',
  },
  thread_held_by_other_app: {
    severity: 'warning',
    title: 'Another app holds conversations',
    means: 'Its customers can be read and not answered from here.',
    remedy:
      'Make this app the default one (Page settings > Page setup > Instagram Conversation Routing), or disconnect the other app.',
  },
  development_mode_likely: {
    severity: 'error',
    isLikely: true,
    title: 'The app seems to be in development mode',
    means:
      'Until it is live, Meta delivers no webhooks, and only people with a role on the app can be written to.',
    remedy:
      "Publish the app in the App Dashboard (look for the switch to live mode). To try before that, add the customer's account as a tester, accept the invitation there, and write from it first.",
  },
  access_level_likely: {
    severity: 'error',
    isLikely: true,
    title: 'The app seems to have Standard Access only',
    means: 'With Standard Access Meta lets an app write only to people who have a role on it.',
    remedy:
      'Request Advanced Access to the messaging permission by App Review. Until then test with an account that has a role on the app.',
  },
  no_conversations: {
    severity: 'warning',
    title: 'There are no conversations yet',
    means: 'Nobody has written to the account, or the token may not see who did.',
    remedy:
      'Write to the account from a second Instagram account. If it stays empty, check the access level and "allow access to messages".',
  },

  callback_unreachable: {
    severity: 'error',
    title: 'Nobody answers at the public address',
    means: "Meta's deliveries cannot arrive.",
    remedy:
      'Start the tunnel and the gateway, and check the address. Meta needs https with a valid certificate.',
  },
  callback_answers_html: {
    severity: 'error',
    title: 'The public address answers with a web page',
    means:
      'Something else answers in place of this gateway: a warning page of the tunnel, a login, another site.',
    remedy: 'Open the address in a browser to see whose page it is; the path must be /api/webhook.',
  },
  callback_redirects: {
    severity: 'error',
    title: 'The public address redirects',
    means: 'Meta follows no redirect, so nothing arrives.',
    remedy: 'Use the address to which it leads, with https and no slash at its end.',
  },
  callback_wrong_answer: {
    severity: 'error',
    title: 'The public address does not answer the handshake',
    means: 'What answers is not this gateway, or it is not connected yet.',
    remedy: 'Check that the address leads to this very gateway, and that its path is /api/webhook.',
  },
  clock_skewed: {
    severity: 'warning',
    title: 'The clock is wrong',
    means: "Reply windows are counted against Meta's time, and AWS refuses requests from a wrong clock.",
    remedy: "Set this machine's clock by the network (NTP).",
  },
  dead_letters_waiting: {
    severity: 'error',
    title: 'Events could not be stored',
    means: 'They wait in the dead-letter queue, are in no conversation, and are lost after 14 days.',
    remedy:
      'Look at the log of store-events for the reason, mend it, then put them back: "npm run redrive" shows them first.',
  },
  data_deletion_requested: {
    severity: 'warning',
    title: 'Somebody who logged in to the app asks Meta for deletion',
    means:
      'A person or business that connected Instagram to this app removed it and asked for their data to be deleted. It is no customer who asks: customers do not log in to the app.',
    remedy:
      'If it was you, run "npm run connect" to connect again. If it was a former account, remove its token and its stack. This is shown for 30 days.',
  },
  app_deauthorized: {
    severity: 'warning',
    title: 'Somebody removed the app from their account',
    means: 'If it was the connected account, its token stops working and no more webhooks come.',
    remedy: 'If it was not meant, run "npm run connect" to connect again. This is shown for 30 days.',
  },
  queue_old: {
    severity: 'error',
    title: 'Events wait to be stored',
    means: 'They were received and are in no conversation yet.',
    remedy: 'Look at the log of store-events: it fails, or is not allowed to run.',
  },
  graph_version_ending: {
    severity: 'warning',
    title: 'The version of the Graph API ends soon',
    means: 'Meta answers an ended version with the next one, whose answers may differ.',
    remedy: 'Set GRAPH_API_VERSION to a newer version, try it on this machine, then deploy.',
  },
  lambda_concurrency_low: {
    severity: 'warning',
    title: 'The AWS account may run few functions at once',
    means: 'Under load API Gateway answers 503, which Meta counts as failed deliveries.',
    remedy: 'Ask for more under Service Quotas > AWS Lambda > Concurrent executions (1,000 is usual).',
  },
  meta_unreachable: {
    severity: 'error',
    title: 'Meta cannot be reached from here',
    means: 'Nothing about the account can be checked, and nothing can be sent.',
    remedy: 'Check the network, a proxy, and GRAPH_API_BASE_URL, which is for tests alone.',
  },
} as const satisfies Record<string, FindingEntry>;

export type FindingCode = keyof typeof entries;

export const findingCatalogue: Readonly<Record<FindingCode, FindingEntry>> = entries;
