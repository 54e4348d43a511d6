import { readdirSync, readFileSync } from 'node:fs';
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { replyLimit } from '../../functions/auto-reply/reply-limit.ts';
import { routes } from '../../functions/routes.ts';
import { auditLog } from '../../infra/operate/audit-log.ts';
import { appUserRequests } from '../../shared/account/app-user-requests.ts';
import { aliasStore } from '../../shared/conversations/alias-store.ts';
import { callBudget } from '../../shared/conversations/call-budget.ts';
import { contactStore } from '../../shared/conversations/contact-store.ts';
import { forgottenStore } from '../../shared/conversations/forgotten-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { progressStore } from '../../shared/reconcile/progress-store.ts';
import { reconcileStore } from '../../shared/reconcile/reconcile-store.ts';
import type { HttpHandler } from '../../shared/runtime/http/public-handler.ts';
import { sessionStore } from '../../shared/runtime/sessions.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import type { ThreadId } from '../../shared/sending/send-row.ts';
import { sendingStops } from '../../shared/sending/sending-stop.ts';
import { threadQueues } from '../../shared/sending/thread-queue.ts';
import { httpEvent, lambdaContext } from './http-event.ts';
import type { TestTable } from './table.ts';

/** A request of the API, by its route, and what it is answered. */
export interface Answered {
  readonly request: {
    readonly route: string;
    readonly path?: Record<string, string>;
    readonly query?: Record<string, string>;
  };
  readonly answer: Record<string, unknown>;
}

/** What one release put into queues and table, frozen, and what the API answered from it. */
export interface Release {
  readonly name: string;
  /** Bodies, by the queue that they stand in. */
  readonly queued: Readonly<Record<'events' | 'sends' | 'reconcile', readonly unknown[]>>;
  /** As DynamoDB keeps them, so that a set is a set. */
  readonly items: readonly Record<string, AttributeValue>[];
  /** From the events in the queue, and from the items in the table. */
  readonly answers: { readonly queued: readonly Answered[]; readonly stored: readonly Answered[] };
  /** What the stores read of items that no route shows. */
  readonly internals: Record<string, unknown>;
}

/** When the answers were given, and the API key whose hash is among the items. */
export const recordedAtMs = 1760000600000;
export const recordedKey = 'igmg_a-made-up-key-that-opens-nothing';
const recordedSession = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const recordedAccount = '17841400000000001' as AccountId;

const folder = new URL('../fixtures/', import.meta.url);

/** A directory each, `release-1` first. */
export function releases(): Release[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('release-'))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => {
      const read = (file: string) =>
        JSON.parse(readFileSync(new URL(`${name}/${file}.json`, folder), 'utf8'));
      return {
        name,
        queued: read('queued') as Release['queued'],
        items: read('items') as Release['items'],
        answers: read('answers') as Release['answers'],
        internals: read('internals') as Release['internals'],
      };
    });
}

export async function putItems(table: TestTable, items: Release['items']): Promise<void> {
  const client = new DynamoDBClient({ endpoint: table.endpoint });
  for (const Item of items) await client.send(new PutItemCommand({ TableName: table.name, Item }));
  client.destroy();
}

/** The body of the answer, without cursors: those end with a release. */
export async function ask({ route, path, query }: Answered['request']): Promise<Record<string, unknown>> {
  const found = routes.find((each) => `${each.method} ${each.path}` === route);
  const { handler } = (await import(`../../functions/${found?.function}/handler.ts`)) as {
    handler: HttpHandler;
  };
  const headers = { authorization: `Bearer ${recordedKey}` };
  const event = httpEvent(route, { headers, ...(path && { path }), ...(query && { query }) });
  const { statusCode, body } = await handler(event, lambdaContext);
  const { cursor: _, newer_cursor: __, ...rest } = JSON.parse(String(body)) as Record<string, unknown>;
  return { status: statusCode, ...rest };
}

/** What the stores make of the items that steer the gateway itself. */
export async function internalsOf({ client, name }: TestTable): Promise<Record<string, unknown>> {
  const reconcile = reconcileStore(client, name, recordedAccount);
  const soon = Date.now() + 1000;
  const key = (customer: string) => ({ accountId: recordedAccount, customerId: customer as CustomerId });
  const turn = (sendId: string) =>
    replyLimit(client, name).take(
      key('9000000000000001'),
      { sendId, rule: 'another rule' },
      { perHour: 1, nowMs: recordedAtMs },
    );
  return {
    autoReply: [await turn('auto-reply-sent'), await turn('another-send')],
    canonical: await aliasStore(client, name).canonicalOf(key('9000000000000002')),
    contact: await contactStore(client, name).find(key('9000000000000001')),
    claimant: await sendLedger(client, name).claimant(recordedAccount, 'mid.sent' as MessageId),
    thread: await threadQueues(client, name).read(`${recordedAccount}.9000000000000001` as ThreadId),
    unsettled: (await sendLedger(client, name).unsettled(recordedAccount, 10)).map(({ sendId }) => sendId),
    stop: await sendingStops(client, name, recordedAccount).read(),
    session: await sessionStore(client, name).find(recordedSession, recordedAtMs),
    forgotten: Object.fromEntries(
      await forgottenStore(client, name).upTo([key('9000000000000001'), key('9000000000000099')]),
    ),
    appUserRequest: await appUserRequests(client, name).find('0123456789abcdef0123456789abcdef'),
    audit: await auditLog({ client, name }).entries(),
    isLocked: await reconcile.lock().then(
      () => false,
      () => true,
    ),
    lastRun: await reconcile.lastRun(),
    mayWake: await reconcile.mayWake(10_000),
    looks: Object.fromEntries(await reconcile.looksAt(['thread-at-meta'])),
    progress: await progressStore(client, name, recordedAccount).read(),
    hasTurn: await callBudget(client, name, recordedAccount).wait('conversations', soon),
  };
}
