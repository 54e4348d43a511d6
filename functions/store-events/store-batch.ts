import { type AliasStore, aliasStore } from '../../shared/conversations/alias-store.ts';
import type { ConversationEvent } from '../../shared/conversations/conversation-event.ts';
import { type ForgottenStore, forgottenStore } from '../../shared/conversations/forgotten-store.ts';
import { merge } from '../../shared/conversations/merge.ts';
import { type MessageState, stateOf } from '../../shared/conversations/message-state.ts';
import {
  type MessageStore,
  messageStore,
  type WriteResult,
} from '../../shared/conversations/message-store.ts';
import { spreadUnsend } from '../../shared/conversations/spread-unsends.ts';
import { maxAheadMs, mergeSummaries, type Summary, summaryOf } from '../../shared/conversations/summary.ts';
import { type SummaryStore, summaryStore } from '../../shared/conversations/summary-store.ts';
import { type ConversationKey, conversationPartition } from '../../shared/conversations/table-keys.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { askForLookups } from './ask-for-lookups.ts';
import { dropOutdated } from './drop-outdated.ts';
import { eraseUnsent } from './erase-unsent.ts';
import { publish } from './publish.ts';
import { deliveriesOf, type FailedRecord, type ReadableRecord } from './read-records.ts';

interface Outcome {
  readonly failures: readonly FailedRecord[];
  readonly stored: number;
  readonly unchanged: number;
  /** Events whose claimed time lies ahead of their receipt by more than ten minutes. */
  readonly fromTheFuture: number;
  /** Messages that no webhook has brought. */
  readonly recovered: number;
  /** Events of before their customer was forgotten, or older than messages are kept: they are not stored. */
  readonly outdated: number;
  /** The longest time from Meta's own time of an event to its being stored, in ms. */
  readonly lagMs?: number;
}

type AddressedRecord = ReadableRecord & { readonly event: ConversationEvent };

/**
 * Stores events conversation by conversation: each message once, then the summary once, then the events are
 * published. A record counts as done after all three, so a crash in between only repeats them.
 */
export async function storeBatch(batch: readonly ReadableRecord[]): Promise<Outcome> {
  const stores = storesOf(required('TABLE_NAME'));
  const remembered = await dropOutdated(stores.forgotten, batch).catch((error: unknown) => {
    log.error('events could not be stored', { ...errorFacts(error), events: batch.length });
  });
  if (!remembered) return { ...outcome(batch, new Set(batch), new Map()), recovered: 0, outdated: 0 };
  const { kept: records, dropped } = remembered;
  const failed = new Set<ReadableRecord>();
  const results = new Map<ReadableRecord, WriteResult>();
  const states = new Map<ReadableRecord, MessageState>();
  const newConversations: ConversationKey[] = [];
  const attempt = async (affected: readonly ReadableRecord[], work: () => Promise<WriteResult>) => {
    try {
      const result = await work();
      for (const record of affected) results.set(record, result);
    } catch (error) {
      log.error('events could not be stored', {
        ...errorFacts(error),
        events: affected.length,
        delivery_ids: deliveriesOf(affected),
      });
      for (const record of affected) failed.add(record);
    }
  };

  const messages = records.filter((record): record is AddressedRecord => record.event.type !== 'other');
  const conversations = Map.groupBy(messages, ({ event }) => conversationPartition(event)).values();
  await Promise.all([
    ...records.map(async (record) => {
      const { event } = record;
      if (event.type === 'other') await attempt([record], () => stores.messages.keep(event));
    }),
    ...[...conversations].map(async (conversation) => {
      await storeMessages(stores, conversation, states, attempt);
      const saved = conversation.filter((record) => !failed.has(record));
      const result = await raiseSummary(stores.summaries, saved, (error) => {
        log.error('a summary could not be written', {
          ...errorFacts(error),
          events: saved.length,
          delivery_ids: deliveriesOf(saved),
        });
        for (const record of saved) failed.add(record);
      });
      if (result === 'created') newConversations.push(keyOf(saved));
    }),
  ]);

  const unpublished = await publish(records.filter((record) => !failed.has(record)));
  for (const record of [...unpublished, ...(await eraseUnsent(states))]) failed.add(record);
  await askForLookups(states, newConversations);
  return {
    ...outcome(records, failed, results),
    recovered: recoveredIn(states, results),
    outdated: dropped,
  };
}

async function storeMessages(
  { messages, aliases }: Stores,
  conversation: readonly AddressedRecord[],
  states: Map<ReadableRecord, MessageState>,
  attempt: (affected: readonly ReadableRecord[], work: () => Promise<WriteResult>) => Promise<void>,
): Promise<void> {
  const byMessage = Map.groupBy(conversation, ({ event }) => event.messageId);
  await Promise.all(
    [...byMessage].map(([mid, records]) =>
      attempt(records, async () => {
        const state = records.map(({ event }) => stateOf(event)).reduce(merge);
        const key = keyOf(records);
        const saved = await messages.save(key, mid, state);
        for (const record of records) states.set(record, saved.state);
        if (records.some(mayMeetUnsend)) await spreadUnsend(messages, await aliases.partsOf(key), mid);
        return saved.write;
      }),
    ),
  );
}

/**
 * A message may stand under two ids of its customer: an unsend reaches both, and a copy that a read of Graph brings
 * later is erased as well. No webhook brings a message under two ids.
 */
const mayMeetUnsend = ({ event }: AddressedRecord) => event.type === 'unsend' || event.type === 'graph';

async function raiseSummary(
  store: SummaryStore,
  records: readonly AddressedRecord[],
  onFailure: (error: unknown) => void,
): Promise<WriteResult> {
  if (records.length === 0) return 'unchanged';
  const summary = records
    .map(({ event, receivedAtMs }) => summaryOf(event, receivedAtMs))
    .reduce<Summary>(mergeSummaries, {});
  try {
    return await store.raise(keyOf(records), summary);
  } catch (error) {
    onFailure(error);
    return 'unchanged';
  }
}

function keyOf(records: readonly AddressedRecord[]): ConversationKey {
  const [first] = records;
  if (!first) throw new RangeError('A conversation of no records');
  return { accountId: first.event.accountId, customerId: first.event.customerId };
}

function outcome(
  records: readonly ReadableRecord[],
  failed: ReadonlySet<ReadableRecord>,
  results: ReadonlyMap<ReadableRecord, WriteResult>,
): Omit<Outcome, 'recovered' | 'outdated'> {
  const done = records.filter((record) => !failed.has(record));
  const unchanged = done.filter((record) => results.get(record) === 'unchanged').length;
  const lags = done.flatMap(({ source, event }) =>
    source === 'webhook' && event.time ? [Date.now() - event.time.atMs] : [],
  );
  return {
    failures: [...failed].map(({ record }) => ({ record, isPermanent: false })),
    stored: done.length - unchanged,
    unchanged,
    fromTheFuture: records.filter(
      ({ event, receivedAtMs }) => event.time && event.time.atMs > receivedAtMs + maxAheadMs,
    ).length,
    ...(lags.length > 0 && { lagMs: Math.max(0, ...lags) }),
  };
}

function recoveredIn(
  states: ReadonlyMap<ReadableRecord, MessageState>,
  results: ReadonlyMap<ReadableRecord, WriteResult>,
): number {
  const recovered = [...states].filter(
    ([record, { content }]) =>
      record.source === 'graph' && results.get(record) !== 'unchanged' && content?.rank === 'graph',
  );
  return new Set(recovered.map(([{ event }]) => (event.type === 'other' ? '' : event.messageId))).size;
}

interface Stores {
  readonly forgotten: ForgottenStore;
  readonly aliases: AliasStore;
  readonly messages: MessageStore;
  readonly summaries: SummaryStore;
}

let made: Stores | undefined;

function storesOf(tableName: string): Stores {
  made ??= {
    forgotten: forgottenStore(dynamodb(), tableName),
    aliases: aliasStore(dynamodb(), tableName),
    messages: messageStore(dynamodb(), tableName),
    summaries: summaryStore(dynamodb(), tableName),
  };
  return made;
}
