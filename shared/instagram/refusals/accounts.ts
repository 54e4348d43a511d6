import { type GraphErrorEntry, remedies } from './entry.ts';

const blocked = (code: number, cause: string, subcode?: number): GraphErrorEntry => ({
  code,
  ...(subcode !== undefined && { subcode }),
  name: 'blocked_by_policy',
  status: 400,
  cause,
  remedy: remedies.askMeta,
});

/** The business's own account: its links, its switches, and what Meta holds against it. */
export const accounts: readonly GraphErrorEntry[] = [
  {
    ...blocked(10, 'The Page is barred from sending for a while, because of a policy.', 1893063),
    retry: 'block_ends',
  },
  {
    code: 10,
    subcode: 2534077,
    name: 'account_link_broken',
    status: 400,
    cause: 'The link between the Instagram account, its user and its Page cannot be verified.',
    remedy:
      'Meta cannot verify the link between the Instagram account, its user and its Page. Link them again, then make a new token.',
  },
  {
    code: 100,
    subcode: 2534013,
    name: 'page_not_linked',
    status: 400,
    cause: 'The Page has no Instagram account.',
    remedy:
      'The Page is not linked to an Instagram account. Link a Business or Creator account to it, then make a new token.',
  },
  blocked(100, 'The business is blocked from messaging by API.', 2534029),
  {
    code: 200,
    subcode: 2534041,
    name: 'message_access_off',
    status: 400,
    cause: 'The owner of the account does not let apps see its messages.',
    remedy:
      'The account\'s owner switched off "allow access to messages". Switch it on in the Instagram app, under the settings for messages and connected tools.',
  },
  {
    ...blocked(368, 'Meta has blocked this account or app for a while because of its policies.'),
    retry: 'block_ends',
    remedy:
      "Meta blocked this account or app for a while because of its policies. Stop sending, and look at the account's status in Meta Business Suite.",
  },
  blocked(2022, 'Messages about commerce are switched off after a violation.'),
  blocked(2534122, 'Sending is restricted for this account.'),
];
