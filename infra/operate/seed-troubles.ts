import type { FindingCode } from '../../shared/account/finding-catalogue.ts';

/** An entry of the "Common errors" that this project began with, answered for the gateway. */
export interface SeedTrouble {
  /** In the words in which people search for it. */
  readonly heading: string;
  /** Markdown, a paragraph each. */
  readonly answer: readonly string[];
  readonly causes: readonly FindingCode[];
}

export const seedTroubles: readonly SeedTrouble[] = [
  {
    heading: '"Missing required environment variables"',
    answer: [
      '`npm run dev` says it when some of `PAGE_ACCESS_TOKEN`, `IG_USER_ID`, `WEBHOOK_VERIFY_TOKEN` and `APP_SECRET` are set and others are not. It names each that is missing, and where to find it. With none of them Meta is simulated.',
      '`npm run connect` asks for the values, checks them and writes them. By hand they go into `.env.local`, which is read at the start: restart `npm run dev`. On AWS the same state is the answer 503 `not_connected`; there the values are in two secrets ([deploy.md](deploy.md#connect-it-to-instagram)).',
    ],
    causes: ['not_connected', 'app_id_unset'],
  },
  {
    heading: '"Instagram API error"',
    answer: [
      "The gateway passes no such bare line on. Where Meta refused, `error` says what to do, `code` is a stable name for the cause, and `details` holds Meta's own words with `code`, `error_subcode` and `fbtrace_id`; [api.md](api.md#what-meta-refuses) lists them.",
      'The usual three: the token is not valid any more, it lacks a permission, or the customer has not written within 24 hours. `npm run doctor` tells the first two; the third is `can_reply` in `GET /api/conversations`.',
    ],
    causes: [
      'token_expired',
      'token_invalid',
      'token_is_user_token',
      'permission_missing_instagram_manage_messages',
      'permission_missing_instagram_business_manage_messages',
      'access_level_likely',
      'development_mode_likely',
    ],
  },
  {
    heading: '"OAuthException"',
    answer: [
      'It is the `type` of almost every error of graph.facebook.com, as `IGApiException` is of graph.instagram.com, and says nothing by itself. Look at `details.code`: 190 is the token (`error_subcode` 463 expired, 460 password changed, 458 app removed), 10 and 200 a permission, the access level or the reply window, 100 an id or another value.',
      'For 190: `npm run connect` with a new token. Nothing that was received is lost meanwhile.',
    ],
    causes: [
      'token_expired',
      'token_password_changed',
      'token_app_removed',
      'token_invalid',
      'token_of_another_app',
    ],
  },
  {
    heading: '"No conversations found" or empty messages',
    answer: [
      'The gateway shows what its webhook received since it was connected. `GET /api/get-messages?source=graph` asks Meta in place of the store: when conversations stand there and not in the store, deliveries do not arrive; when they stand in neither, nobody has written yet, or the token may not see who did.',
      'Only a customer can begin: write to the account from a second Instagram account. The account must be a Business or Creator account, and its owner must allow access to messages.',
    ],
    causes: [
      'no_conversations',
      'permission_missing_instagram_manage_messages',
      'permission_missing_instagram_business_manage_messages',
      'account_not_professional',
      'message_access_off',
      'messages_field_missing',
      'page_object_subscribed',
      'not_subscribed',
      'access_level_likely',
    ],
  },
  {
    heading: 'Error #100: "not linked to an Instagram account" or "not professional account"',
    answer: [
      'The account must be a Business or Creator account. With Facebook login it must also be linked to the Page of the token; Instagram login needs no Page.',
      '`IG_USER_ID` must be the id of the Instagram professional account (`1784…`), not that of the Page, not the app-scoped one, and not one that a website made from the username: [ids.md](ids.md) tells them apart, and `npm run connect` finds the right one.',
    ],
    causes: [
      'page_not_linked',
      'account_not_professional',
      'ig_user_id_is_page_id',
      'ig_user_id_is_app_scoped_id',
      'ig_user_id_of_another_account',
    ],
  },
  {
    heading: 'Error #10: "sent outside of allowed window"',
    answer: [
      "A business may write only within 24 hours of the customer's last message; your own answers do not extend it. `can_reply` and `reply_window` of each conversation in `GET /api/conversations` tell whether, until when and why.",
      "Send to the `recipient_id` that the same list shows: the Instagram-scoped id from the customer's own message, not a username or a public profile id.",
      'When Meta says it while `reply_window.state` is `open`, the window is hardly the cause: look at the access level, at the mode of the app, and at which app the token belongs to.',
    ],
    causes: [
      'access_level_likely',
      'development_mode_likely',
      'token_of_another_app',
      'thread_held_by_other_app',
    ],
  },
];
