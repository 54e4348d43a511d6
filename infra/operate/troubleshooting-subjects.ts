import {
  type FindingCode,
  findingCatalogue,
  type MissingPermissionCode,
} from '../../shared/account/finding-catalogue.ts';

/** The chapters of docs/troubleshooting.md, in the order in which a set-up meets them. */
const chapters = {
  setUp: 'Settings',
  token: 'The token',
  permissions: 'Permissions',
  account: 'The account and its ids',
  webhook: 'The webhook and its subscription',
  address: 'The public address',
  people: 'Who can be reached',
  operation: 'The gateway itself',
} as const;

type Chapter = keyof typeof chapters;

const chapterOf: Readonly<Record<Exclude<FindingCode, MissingPermissionCode>, Chapter>> = {
  not_connected: 'setUp',
  app_id_unset: 'setUp',
  app_id_wrong: 'setUp',
  alarm_address_unset: 'setUp',

  token_is_user_token: 'token',
  token_expired: 'token',
  token_password_changed: 'token',
  app_deauthorized: 'token',
  data_deletion_requested: 'token',
  token_app_removed: 'token',
  token_invalid: 'token',
  proof_refused: 'token',
  token_expires_soon: 'token',
  token_not_refreshed: 'token',
  data_access_expires_soon: 'token',
  token_of_another_app: 'token',

  page_not_linked: 'account',
  account_not_professional: 'account',
  ig_user_id_is_page_id: 'account',
  ig_user_id_is_app_scoped_id: 'account',
  ig_user_id_of_another_account: 'account',
  message_access_off: 'account',

  app_secret_wrong: 'webhook',
  signed_by_other_secret: 'webhook',
  verify_token_wrong: 'webhook',
  page_object_subscribed: 'webhook',
  messages_field_missing: 'webhook',
  not_subscribed: 'webhook',
  subscription_renewed: 'webhook',
  callback_elsewhere: 'webhook',

  callback_unreachable: 'address',
  callback_answers_html: 'address',
  callback_redirects: 'address',
  callback_wrong_answer: 'address',

  thread_held_by_other_app: 'people',
  development_mode_likely: 'people',
  access_level_likely: 'people',
  no_conversations: 'people',

  clock_skewed: 'operation',
  dead_letters_waiting: 'operation',
  queue_old: 'operation',
  graph_version_ending: 'operation',
  lambda_concurrency_low: 'operation',
  meta_unreachable: 'operation',
};

/** Every code of the catalogue, by chapter; within one in the catalogue's order. */
export function codesByChapter(): readonly { title: string; codes: readonly FindingCode[] }[] {
  const codes = Object.keys(findingCatalogue) as FindingCode[];
  return Object.entries(chapters).map(([chapter, title]) => ({
    title,
    codes: codes.filter((code) => (isMissingPermission(code) ? 'permissions' : chapterOf[code]) === chapter),
  }));
}

function isMissingPermission(code: FindingCode): code is MissingPermissionCode {
  return code.startsWith('permission_missing_');
}
