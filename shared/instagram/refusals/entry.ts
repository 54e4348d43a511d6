/** What one of Meta's errors means, and what is done about it. */
export interface GraphErrorEntry {
  readonly code: number;
  /** Absent: every subcode that has no entry of its own. */
  readonly subcode?: number;
  /** Told from others of its code by Meta's words alone. */
  readonly says?: RegExp;
  /** The last code of a range that Meta explains as one. */
  readonly upToCode?: number;
  /** The API's stable name of it. */
  readonly name: string;
  /** Why Meta says it. */
  readonly cause: string;
  /** What to do, in plain words; it has to be understood without the cause. */
  readonly remedy: string;
  /** The HTTP status with which it is passed on. */
  readonly status: 400 | 429 | 502 | 504;
  /** Of a send: the message may have been delivered all the same, so it is not sent again. */
  readonly mayHaveArrived?: true;
  /** Of a send that did not arrive: whether the same may pass. Absent: never. */
  readonly retry?: RetryRule;
}

/** Until the send's time is up; a few requests in all; once another token is stored; or once a block ends. */
export type RetryRule = 'later' | 'few_times' | 'new_token' | 'block_ends';

/** What is to be done about several of them. */
export const remedies = {
  replaceToken:
    'Make a new token and store it with "npm run connect", which says what it lacks; nothing received is lost meanwhile.',
  checkId:
    'Use the id that the customer\'s own message came with ("recipient_id" in GET /api/conversations), with a token of the app that received it.',
  checkAccess:
    'Check that the app is live and has Advanced Access to the messaging permission; before that only people with a role on the app can be written to.',
  askMeta:
    'Meta restricts this account. Send nothing more, and look at the account status in Meta Business Suite and at the support inbox there.',
} as const;
