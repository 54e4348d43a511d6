import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { vi } from 'vitest';
import { createClock } from '../../infra/meta-simulator/clock.ts';
import { type Meta, startMeta } from '../../infra/meta-simulator/start-meta.ts';
import { type QueuedFinding, toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { summaryOf } from '../../shared/conversations/summary.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import type { AccountId } from '../../shared/instagram/ids.ts';
import type { ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { canaries } from './canaries.ts';
import { startTable, type TestTable } from './table.ts';
import { accountId } from './webhook.ts';

export interface Reconciling {
  readonly meta: Meta;
  readonly table: TestTable;
  /** What was put on the events queue, oldest first. */
  readonly enqueued: readonly QueuedFinding[];
  parts(more?: Partial<ReconcileParts>): ReconcileParts;
  /** Customers `<prefix>0`, `<prefix>1` … of whom each has written once; no webhook told. */
  write(prefix: string, customers: number): void;
  /** Stores what was enqueued, as the consumer of the queue does. */
  store(): Promise<void>;
  /** Lets this much time pass at Meta. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** The simulated Meta without its limit of calls, and an empty table: what reconciling needs, without a gateway. */
export async function startReconciling(): Promise<Reconciling> {
  const clock = createClock();
  const meta = await startMeta({
    clock,
    account: { id: accountId, username: 'shop', accessToken: canaries.accessToken },
    app: { secret: canaries.appSecret, verifyToken: canaries.verifyToken },
    isEmpty: true,
  });
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  vi.stubEnv('GRAPH_API_BASE_URL', meta.url);
  vi.spyOn(meta.world.limits, 'take').mockReturnValue(true);
  const table = await startTable();
  const enqueued: QueuedFinding[] = [];
  const queue = mockClient(SQSClient);
  queue.on(SendMessageBatchCommand).callsFake(({ Entries }) => {
    for (const { MessageBody } of Entries) enqueued.push(JSON.parse(MessageBody) as QueuedFinding);
    return {};
  });
  let storedUpTo = 0;
  return {
    meta,
    table,
    enqueued,
    parts: (more = {}) => ({
      client: table.client,
      tableName: table.name,
      sqs: new SQSClient({ region: 'us-east-1' }),
      eventsQueueUrl: 'http://127.0.0.1:1/000000000000/events',
      account: accountId as AccountId,
      secret: { access_token: canaries.accessToken, ig_user_id: accountId, login: 'facebook' },
      beginBeforeMs: Date.now() + 60_000,
      ...more,
    }),
    write: (prefix, customers) => {
      for (let n = 0; n < customers; n += 1) {
        const id = `${prefix}${n}`;
        meta.customers.add({ id, username: `person_${id}` });
        meta.customers.write(id, { text: `from ${id}` });
      }
    },
    store: async () => {
      const messages = messageStore(table.client, table.name);
      const summaries = summaryStore(table.client, table.name);
      for (; storedUpTo < enqueued.length; storedUpTo += 1) {
        const [finding] = enqueued.slice(storedUpTo);
        if (!finding) continue;
        const event = toGraphEvent(finding);
        await messages.save(event, event.messageId, event.state);
        await summaries.raise(event, summaryOf(event, Date.now()));
      }
    },
    pass: (ms) => clock.advance(ms),
    stop: async () => {
      queue.restore();
      vi.unstubAllEnvs();
      await table.stop();
      await meta.stop();
    },
  };
}
