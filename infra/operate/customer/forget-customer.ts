import { setTimeout as delay } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { forgottenStore } from '../../../shared/conversations/forgotten-store.ts';
import type { ConversationKey } from '../../../shared/conversations/table-keys.ts';
import { type ReconcileLock, reconcileStore } from '../../../shared/reconcile/reconcile-store.ts';
import type { ThreadId } from '../../../shared/sending/send-row.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { CommandFailed } from '../command.ts';
import type { GatewayQueue } from '../queues/gateway-queues.ts';
import { findHeld, type HeldItem, type ItemKind, isLink, rowOf } from './held-items.ts';
import { findPerson, type Person } from './person.ts';
import { sweepQueue } from './queued-traces.ts';
import { removeUpload, type UploadBucket, uploadsOf } from './uploaded-files.ts';

/**
 * Longer than a function takes that read something before it was erased and writes it again (`store-events`: 30 s), and
 * than it believes that nobody was ever forgotten.
 */
export const settleSeconds = 40;

const writeBatch = 25;
const tellEvery = 5_000;

export interface CustomerParts {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly sqs: SQSClient;
  readonly queues: readonly GatewayQueue[];
  readonly bucket: UploadBucket;
  readonly asked: ConversationKey;
  readonly onProgress: (progress: string) => void;
}

/** How much of what there is, or was erased. */
export interface Counts {
  readonly items: ReadonlyMap<ItemKind, number>;
  /** Messages, by the name of their queue. */
  readonly queued: ReadonlyMap<string, number>;
  readonly uploads: number;
  /** Sends that had not gone out yet. */
  readonly unsent: number;
  /** Items that the customer's newer messages need: they stay. */
  readonly kept: number;
  /** Items of others that name the customer. */
  readonly mentions: number;
  /** Queues that hold more than was looked at. */
  readonly unseen: readonly string[];
}

/** What there is of the customer, without a change. */
export async function countHeld(parts: CustomerParts): Promise<Counts> {
  const person = await findPerson(parts.client, parts.tableName, parts.asked);
  return pass(parts, person, { upToMs: Date.now(), isErasing: false });
}

/**
 * Erases a customer: marks every id as forgotten, so that nothing of before comes back, then takes away what is there,
 * and again `settleMs` later, when all that had read it before has ended. May be ended at any moment and run again.
 * Holds the reconcile lock, since reconciling writes contacts of what it reads.
 * @throws CommandFailed while a message is being sent to the customer
 * @throws ReconcilingElsewhereError while a reconciliation is at it
 */
export async function forgetCustomer(
  parts: CustomerParts,
  settleMs: number,
): Promise<Counts & { readonly hashes: readonly string[] }> {
  const { client, tableName, asked, onProgress } = parts;
  const lock = await reconcileStore(client, tableName, asked.accountId).lock();
  try {
    const person = await findPerson(client, tableName, asked);
    await refuseWhileSending(parts, person);
    const upToMs = Date.now();
    const marks = forgottenStore(client, tableName);
    const hashes: string[] = [];
    for (const customerId of person.ids) hashes.push(await marks.mark({ ...asked, customerId }, upToMs));
    const erasing = { upToMs, isErasing: true, lock };
    const first = await pass(parts, person, erasing);
    onProgress(`Waiting ${Math.ceil(settleMs / 1000)} s for what is on its way, then looking again`);
    await delay(settleMs);
    return { ...sumOf(first, await pass(parts, person, erasing)), hashes };
  } finally {
    await lock.release();
  }
}

async function refuseWhileSending(
  { client, tableName }: CustomerParts,
  { account, ids }: Person,
): Promise<void> {
  const queues = threadQueues(client, tableName);
  for (const id of ids) {
    const { lease } = await queues.read(`${account}.${id}` as ThreadId);
    if (lease && lease.untilMs > Date.now()) {
      throw new CommandFailed(
        'A message is being sent to this customer at this moment. Nothing was erased: try again in a few minutes.',
      );
    }
  }
}

interface PassOptions {
  readonly upToMs: number;
  readonly isErasing: boolean;
  readonly lock?: ReconcileLock;
}

async function pass(parts: CustomerParts, person: Person, options: PassOptions): Promise<Counts> {
  const { client, tableName, sqs, queues, bucket, onProgress } = parts;
  const { upToMs, isErasing, lock } = options;
  const held = await findHeld(client, tableName, person, onProgress);
  const { items, kept } = withoutNewer(held.items, upToMs);
  const uploads = uploadsOf(items);
  // The sends name the files: erased first, they would lead to them no more.
  if (isErasing) for (const id of uploads) await removeUpload(bucket, id);
  const sweeps = await Promise.all(queues.map((queue) => sweepQueue(sqs, queue, person, options)));
  if (isErasing) await eraseItems(parts, items, lock);
  return {
    items: new Map([...Map.groupBy(items, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length])),
    queued: new Map(
      sweeps.filter(({ bodies }) => bodies.length > 0).map(({ queue, bodies }) => [queue, bodies.length]),
    ),
    uploads: uploads.length,
    unsent: items.filter(({ kind, item }) => kind === 'send' && isUnsent(rowOf(item).state.name)).length,
    kept,
    mentions: held.mentions,
    unseen: sweeps.filter(({ isWhole }) => !isWhole).map(({ queue }) => queue),
  };
}

const isUnsent = (state: string) => state === 'accepted';

/** Who writes anew while they are being forgotten keeps that message, and what leads to it. */
function withoutNewer(
  all: readonly HeldItem[],
  upToMs: number,
): { readonly items: readonly HeldItem[]; readonly kept: number } {
  const newer = new Set(all.filter((held) => timeOf(held) > upToMs));
  if (newer.size === 0) return { items: all, kept: 0 };
  const needed: ReadonlySet<ItemKind> = new Set([
    'summary',
    'contact',
    'search entry',
    'alias',
    'line of sends',
  ]);
  const items = all.filter((held) => !newer.has(held) && !needed.has(held.kind));
  return { items, kept: all.length - items.length };
}

function timeOf({ kind, item }: HeldItem): number {
  if (kind === 'message') return typeof item.sent_at === 'number' ? item.sent_at : 0;
  return kind === 'send' ? rowOf(item).acceptedAtMs : 0;
}

/** In their order, a batch after the other. Of a batch any part may be done when it ends midway, so links go one by one. */
async function eraseItems(
  { client, tableName, onProgress }: CustomerParts,
  items: readonly HeldItem[],
  lock: ReconcileLock | undefined,
): Promise<void> {
  let erased = 0;
  for (const batch of batchesOf(items)) {
    await lock?.keep();
    let pending = batch.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
    for (let tries = 0; pending.length > 0; tries += 1) {
      if (tries > 0) await delay(Math.min(50 * 2 ** tries, 5_000));
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName]: pending } }),
      );
      pending = (UnprocessedItems?.[tableName] ?? []) as typeof pending;
    }
    erased += batch.length;
    if (erased % tellEvery === 0) onProgress(`${erased} of ${items.length} items erased`);
  }
}

function* batchesOf(items: readonly HeldItem[]): Generator<readonly HeldItem[]> {
  const links = items.filter(isLink);
  const others = items.filter((held) => !isLink(held));
  for (let start = 0; start < others.length; start += writeBatch) {
    yield others.slice(start, start + writeBatch);
  }
  for (const link of links) yield [link];
}

function sumOf(a: Counts, b: Counts): Counts {
  const added = <Key>(x: ReadonlyMap<Key, number>, y: ReadonlyMap<Key, number>): ReadonlyMap<Key, number> =>
    new Map(
      [...new Set([...x.keys(), ...y.keys()])].map((key) => [key, (x.get(key) ?? 0) + (y.get(key) ?? 0)]),
    );
  return {
    items: added(a.items, b.items),
    queued: added(a.queued, b.queued),
    uploads: a.uploads + b.uploads,
    unsent: a.unsent + b.unsent,
    // As it is now.
    kept: b.kept,
    mentions: b.mentions,
    unseen: b.unseen,
  };
}
