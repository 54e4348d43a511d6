import * as z from 'zod/mini';
import type { GraphCaller } from '../instagram/graph-client.ts';
import { type Reading, readGraph } from './graph-reading.ts';

/** Whom a token speaks for. */
export type AccountReading =
  | {
      /** Facebook login: a Page, and the professional account linked to it. */
      readonly kind: 'page';
      readonly pageId: string;
      readonly name?: string;
      readonly account?: { readonly id: string; readonly username?: string };
      /** An account is linked to the Page; without `account` it is no professional one. */
      readonly connectedAccountId?: string;
    }
  | {
      readonly kind: 'instagram';
      /** `user_id`: the professional account's id, as in webhooks. */
      readonly accountId: string;
      /** `id`: this app's own number for it. */
      readonly appScopedId: string;
      readonly username?: string;
      /** `BUSINESS`, `MEDIA_CREATOR`, or `PERSONAL`, as Meta says. */
      readonly accountType?: string;
    };

const pageAnswer = z.object({
  id: z.string(),
  name: z.optional(z.string()),
  instagram_business_account: z.optional(z.object({ id: z.string(), username: z.optional(z.string()) })),
});
const connectedAnswer = z.object({ connected_instagram_account: z.optional(z.object({ id: z.string() })) });
const instagramAnswer = z.object({
  id: z.string(),
  user_id: z.string(),
  username: z.optional(z.string()),
  account_type: z.optional(z.string()),
});

/**
 * Reads whom the token speaks for. A User token of Facebook login is refused with 100, since a person has no
 * `instagram_business_account`.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started
 *
 * @param onDate see `readGraph`
 */
export async function readAccount(
  caller: GraphCaller,
  timeoutMs: number,
  onDate?: (serverMs: number, receivedAt: number) => void,
): Promise<Reading<AccountReading>> {
  return caller.login === 'instagram'
    ? readInstagram(caller, timeoutMs, onDate)
    : readPage(caller, timeoutMs, onDate);
}

async function readPage(
  caller: GraphCaller,
  timeoutMs: number,
  onDate?: (serverMs: number, receivedAt: number) => void,
): Promise<Reading<AccountReading>> {
  const fields = 'id,name,instagram_business_account{id,username}';
  const page = await readGraph(caller, { path: '/me', query: { fields }, timeoutMs }, pageAnswer, onDate);
  if (!page.ok) return page;
  const { id: pageId, name, instagram_business_account: linked } = page.value;
  const connectedAccountId = linked ? undefined : await readConnected(caller, timeoutMs);
  return {
    ok: true,
    value: {
      kind: 'page',
      pageId,
      ...(name !== undefined && { name }),
      ...(linked && {
        account: { id: linked.id, ...(linked.username !== undefined && { username: linked.username }) },
      }),
      ...(connectedAccountId !== undefined && { connectedAccountId }),
    },
  };
}

/** Asked for only when it matters: it tells a personal account from none. */
async function readConnected(caller: GraphCaller, timeoutMs: number): Promise<string | undefined> {
  const query = { fields: 'connected_instagram_account{id}' };
  const connected = await readGraph(caller, { path: '/me', query, timeoutMs }, connectedAnswer);
  return connected.ok ? connected.value.connected_instagram_account?.id : undefined;
}

async function readInstagram(
  caller: GraphCaller,
  timeoutMs: number,
  onDate?: (serverMs: number, receivedAt: number) => void,
): Promise<Reading<AccountReading>> {
  const query = { fields: 'id,user_id,username,account_type' };
  const me = await readGraph(caller, { path: '/me', query, timeoutMs }, instagramAnswer, onDate);
  if (!me.ok) return me;
  const { id, user_id: accountId, username, account_type: accountType } = me.value;
  return {
    ok: true,
    value: {
      kind: 'instagram',
      accountId,
      appScopedId: id,
      ...(username !== undefined && { username }),
      ...(accountType !== undefined && { accountType }),
    },
  };
}
