/**
 * What Meta's errors mean and what to do about each. Meanings:
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes
 */
export interface GraphErrorEntry {
  readonly code: number;
  /** Absent: every subcode that has no entry of its own. */
  readonly subcode?: number;
  /** The API's stable name of it. */
  readonly name: string;
  /** What to do, in plain words. */
  readonly remedy: string;
  /** The HTTP status with which it is passed on. */
  readonly status: 400 | 429 | 502 | 504;
  /** Of a send: the message may have been delivered all the same, so it is not sent again. */
  readonly mayHaveArrived?: true;
  /** Of a send that did not arrive: `later` the same may pass, with a `new_token`, or once a `block_ends`. Absent: never. */
  readonly retry?: 'later' | 'new_token' | 'block_ends';
}

const replaceToken =
  'Generate a new token with the permissions that the README lists under Configuration, and store it; nothing received is lost meanwhile.';
const backOff =
  'Meta limits how much this app or account may call. Wait, then send more slowly; calling on lengthens it.';
const checkId =
  'Use the id that the customer\'s own message came with ("recipient_id" in GET /api/conversations), with a token of the app that received it.';
const checkAccess =
  'Check that the app is live and has Advanced Access to the messaging permission; before that only people with a role on the app can be written to.';

/** Of the app, the user, the Page, the application, one API, and of the three business use cases. */
const rateLimitCodes = [4, 17, 32, 341, 613, 80001, 80002, 80006];

const outsideWindow = {
  code: 10,
  name: 'outside_reply_window',
  status: 400,
  remedy:
    "Meta lets a business write only within 24 hours of the customer's last message. Wait until they write again; conversations with can_reply in GET /api/conversations are open.",
} as const;

const blockedByPolicy = {
  name: 'blocked_by_policy',
  status: 400,
  retry: 'block_ends',
  remedy:
    "Meta blocked this account or app for a while because of its policies. Stop sending, and look at the account's status in Meta Business Suite.",
} as const;

/** Added where Meta calls a reply window closed that is open by what the customer wrote. */
export const openWindowRemedy = `By what is stored here this customer wrote within those 24 hours, so something else is more likely. ${checkAccess} ${checkId}`;

export const graphErrorCatalogue: readonly GraphErrorEntry[] = [
  ...rateLimitCodes.map(
    (code) => ({ code, name: 'rate_limited', status: 429, remedy: backOff, retry: 'later' }) as const,
  ),
  { ...outsideWindow, subcode: 2534022 },
  // Messenger's number for the same; which of the two Instagram login answers is not documented.
  { ...outsideWindow, subcode: 2018278 },
  { code: 1, subcode: 99, name: 'meta_access_missing', status: 400, remedy: checkAccess },
  {
    code: 1,
    subcode: 1357046,
    name: 'outcome_unknown',
    status: 504,
    mayHaveArrived: true,
    remedy:
      'Meta reported an error though such messages were sent. Look at the conversation before sending again.',
  },
  {
    code: 1,
    name: 'meta_failed',
    status: 502,
    mayHaveArrived: true,
    remedy:
      'Meta failed, and the message may have been delivered all the same. Look at the conversation before sending again.',
  },
  {
    code: 2,
    name: 'meta_unavailable',
    status: 502,
    mayHaveArrived: true,
    remedy:
      'Meta is unavailable, or the customer blocked this account. Look at the conversation, then try again in a few minutes.',
  },
  { code: 3, name: 'capability_missing', status: 400, remedy: checkAccess },
  {
    code: 10,
    subcode: 2534077,
    name: 'account_link_broken',
    status: 400,
    remedy:
      'Meta cannot verify the link between the Instagram account, its user and its Page. Link them again, then make a new token.',
  },
  { code: 10, subcode: 1893063, ...blockedByPolicy },
  { code: 10, name: 'permission_denied', status: 400, remedy: checkAccess },
  {
    code: 100,
    subcode: 33,
    name: 'not_found_at_meta',
    status: 400,
    remedy:
      "The object does not exist for this token, or a permission is missing. Check the id and the token's app.",
  },
  { code: 100, subcode: 2018001, name: 'unknown_recipient', status: 400, remedy: checkId },
  { code: 100, subcode: 2534014, name: 'unknown_recipient', status: 400, remedy: checkId },
  {
    code: 100,
    subcode: 2534013,
    name: 'page_not_linked',
    status: 400,
    remedy:
      'The Page is not linked to an Instagram account. Link a Business or Creator account to it, then make a new token.',
  },
  {
    code: 100,
    subcode: 2534037,
    name: 'not_thread_owner',
    status: 400,
    remedy:
      'Another app holds this conversation. Make this app the default in Page settings > Page setup > Instagram Conversation Routing, or wait until it is released.',
  },
  {
    code: 100,
    name: 'invalid_parameter',
    status: 400,
    remedy:
      'Meta refused a value: its message in details names it. If it says "not linked" or "not professional", IG_USER_ID or the account type is wrong.',
  },
  { code: 102, name: 'token_invalid', status: 502, remedy: replaceToken, retry: 'new_token' },
  {
    code: 190,
    subcode: 463,
    name: 'token_expired',
    status: 502,
    retry: 'new_token',
    remedy: `The access token has expired. ${replaceToken}`,
  },
  {
    code: 190,
    subcode: 460,
    name: 'token_invalid',
    status: 502,
    retry: 'new_token',
    remedy: `The access token ended because its owner changed the password. ${replaceToken}`,
  },
  {
    code: 190,
    subcode: 458,
    name: 'app_removed',
    status: 502,
    retry: 'new_token',
    remedy: `The account's owner removed this app. ${replaceToken}`,
  },
  {
    code: 190,
    name: 'token_invalid',
    status: 502,
    retry: 'new_token',
    remedy: `The access token is not valid. ${replaceToken}`,
  },
  {
    code: 200,
    subcode: 2534041,
    name: 'message_access_off',
    status: 400,
    remedy:
      'The account\'s owner switched off "allow access to messages". Switch it on in the Instagram app, under the settings for messages and connected tools.',
  },
  { code: 200, name: 'permission_denied', status: 400, remedy: checkAccess },
  { code: 368, ...blockedByPolicy },
  {
    code: 551,
    name: 'recipient_unavailable',
    status: 400,
    remedy: 'This person cannot receive messages now. Try again after they have written.',
  },
  {
    code: 2018300,
    name: 'not_thread_owner',
    status: 400,
    remedy: 'Another app controls this conversation. Wait until it is released, or obtain control.',
  },
  { code: 9010, name: 'unknown_recipient', status: 400, remedy: checkId },
  {
    code: 9000001,
    name: 'message_not_readable',
    status: 400,
    remedy:
      'The message was deleted, or is older than the 20 newest of its conversation, which is all that Meta shows.',
  },
];

const fallback: Omit<GraphErrorEntry, 'code'> = {
  name: 'meta_refused',
  status: 400,
  remedy: 'Meta refused the call; its own words are in details. Its support asks for the fbtrace_id.',
};

export function explainGraphError(code: number, subcode: number | undefined): Omit<GraphErrorEntry, 'code'> {
  const ofCode = graphErrorCatalogue.filter((entry) => entry.code === code);
  return (
    ofCode.find((entry) => subcode !== undefined && entry.subcode === subcode) ??
    ofCode.find((entry) => entry.subcode === undefined) ??
    fallback
  );
}
