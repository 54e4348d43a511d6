import * as z from 'zod/mini';
import { type Reading, readGraph } from '../../../shared/account/graph-reading.ts';
import type { GraphCaller } from '../../../shared/instagram/graph-client.ts';
import { CommandFailed } from '../command.ts';
import { graphTimeoutMs } from './connection.ts';
import { problem } from './problem.ts';

const page = z.object({
  id: z.string(),
  name: z.optional(z.string()),
  access_token: z.optional(z.string()),
  tasks: z.optional(z.array(z.string())),
  instagram_business_account: z.optional(z.object({ id: z.string(), username: z.optional(z.string()) })),
});
export type Page = z.infer<typeof page>;

const pagesAnswer = z.object({
  data: z.array(page),
  paging: z.optional(
    z.object({
      next: z.optional(z.string()),
      cursors: z.optional(z.object({ after: z.optional(z.string()) })),
    }),
  ),
});

const fields = 'id,name,access_token,tasks,instagram_business_account{id,username}';
const maxAnswers = 50;

/** The Pages that the token's person granted to the app, with a token each. */
export async function listPages(caller: GraphCaller): Promise<Reading<readonly Page[]>> {
  const pages: Page[] = [];
  let after: string | undefined;
  for (let answers = 0; answers < maxAnswers; answers += 1) {
    const query = { fields, limit: '100', ...(after !== undefined && { after }) };
    const call = { path: '/me/accounts', query, timeoutMs: graphTimeoutMs } as const;
    const reading = await readGraph(caller, call, pagesAnswer);
    if (!reading.ok) return reading;
    const { data, paging } = reading.value;
    pages.push(...data);
    after = paging?.next === undefined ? undefined : paging.cursors?.after;
    if (after === undefined) break;
  }
  return { ok: true, value: pages };
}

export interface LinkedPage extends Page {
  readonly access_token: string;
  readonly instagram_business_account: { readonly id: string; readonly username?: string };
}

/**
 * The Page to connect: the one that is wanted, or the only one with an Instagram account.
 * @throws CommandFailed saying what to do, with the Pages and their ids.
 */
export function choosePage(pages: readonly Page[], wanted: string | undefined): LinkedPage {
  if (pages.length === 0) {
    throw new CommandFailed(
      'The token sees no Page. Make a new one with an account that manages the Page, and tick the Page where Meta asks which ones the app may use.',
    );
  }
  const candidates = wanted === undefined ? pages : pages.filter(({ id }) => id === wanted);
  if (candidates.length === 0) {
    throw new CommandFailed(`The token sees no Page ${wanted}. It sees:\n${list(pages)}`);
  }
  const linked = linkedPages(candidates);
  const [first, ...others] = linked;
  if (!first?.instagram_business_account) {
    throw problem('page_not_linked', `none of these has an Instagram account.\n${list(candidates)}`);
  }
  if (others.length > 0) {
    throw new CommandFailed(
      `The token sees several Pages with an Instagram account. Say which: --page ID\n${list(linked)}`,
    );
  }
  const { access_token: token, instagram_business_account: account } = first;
  if (token === undefined) {
    throw new CommandFailed(
      `Meta gives no token of the Page ${nameOf(first)}. Whoever makes the token needs full control of the Page, or a task on it, messages among them.`,
    );
  }
  const { username } = account;
  return {
    ...first,
    access_token: token,
    instagram_business_account: { id: account.id, ...(username !== undefined && { username }) },
  };
}

export function linkedPages(pages: readonly Page[]): readonly Page[] {
  return pages.filter((page) => page.instagram_business_account !== undefined);
}

export function list(pages: readonly Page[]): string {
  return pages
    .map((each) => {
      const { username, id } = each.instagram_business_account ?? {};
      const account = id === undefined ? 'no Instagram account' : username ? `@${username}` : id;
      return `  ${nameOf(each)}: ${account}`;
    })
    .join('\n');
}

export function nameOf({ id, name }: { readonly id: string; readonly name?: string | undefined }): string {
  return name === undefined ? id : `${id} "${name}"`;
}
