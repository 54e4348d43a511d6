import type { GraphErrorEntry } from './entry.ts';

const limited = (code: number, cause: string, subcode?: number): GraphErrorEntry => ({
  code,
  ...(subcode !== undefined && { subcode }),
  name: 'rate_limited',
  status: 429,
  retry: 'later',
  cause,
  remedy:
    'Meta limits how much this app or account may call. Wait, then send more slowly; calling on lengthens it.',
});

/** Limits to how much may be called. https://developers.facebook.com/docs/graph-api/overview/rate-limiting */
export const limits: readonly GraphErrorEntry[] = [
  limited(4, 'The app as a whole has used up its calls.'),
  limited(17, 'The user whose token is used has used up their calls.'),
  limited(32, 'The Page has used up its calls with a user token.'),
  limited(341, 'The application has reached a limit for the time being.'),
  limited(613, 'Too many calls of this kind.'),
  limited(613, 'An unusual amount of calls.', 1996),
  limited(613, 'Too many messages at a time, from this account or in one conversation.', 2534040),
  {
    ...limited(613, 'Meta warns that a message tag is used for what it is not meant for.', 2018338),
    name: 'tag_misused',
    remedy:
      "Use HUMAN_AGENT only for a person's answer to what a customer asked. Meta takes the permission away if it goes on.",
  },
  limited(80001, 'The calls for the Page (its business use case) are used up.'),
  limited(80002, 'The calls for the Instagram account (its business use case) are used up.'),
  limited(80006, 'The calls for messaging (its business use case) are used up.'),
];
