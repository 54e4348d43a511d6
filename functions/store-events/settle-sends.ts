import type { StoredMessage } from '../../shared/conversations/conversation-reader.ts';
import { stateOf } from '../../shared/conversations/message-state.ts';
import { timelineKey } from '../../shared/conversations/summary.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { resolveUnknown } from '../../shared/sending/resolve-unknown.ts';
import { runtimeLines } from '../../shared/sending/runtime-lines.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import { type SendId, type ThreadId, threadOf } from '../../shared/sending/send-row.ts';
import { isWhollyStored } from '../../shared/sending/stored-messages.ts';
import type { ReadableRecord } from './read-records.ts';

/**
 * Tells the sends what was stored of them: that a message stands in its conversation, and that Meta told of a
 * message of the business, which may be one whose send had no answer. A failure fails no record: the schedule of
 * `deliver-sends` looks again.
 */
export async function settleSends(records: readonly ReadableRecord[]): Promise<void> {
  const recorded = new Set(records.flatMap(({ event }) => (event.type === 'send' ? [event.sendId] : [])));
  const told = records.flatMap(({ event }) => (isToldByMeta(event) ? [event] : []));
  const threads = Map.groupBy(told, (event) => threadOf(threadAddress(event)));
  try {
    await Promise.all([
      ...[...recorded].map((sendId) => markRecorded(sendId as SendId)),
      ...[...threads].map(([thread, events]) => resolveWith(thread, events)),
    ]);
  } catch (error) {
    log.warn('sends could not be settled yet', errorFacts(error));
  }
}

/** Of a message that was unsent before it was told of, these events alone still say what it was. */
async function resolveWith(thread: ThreadId, events: readonly OutgoingEvent[]): Promise<void> {
  const lines = runtimeLines();
  const [first] = events;
  if (!first) return;
  const told = events.map((event): StoredMessage => {
    const state = stateOf(event);
    return {
      id: event.messageId,
      timelineKey: state.sentAt ? timelineKey(state.sentAt.atMs, event.messageId) : '',
      state,
    };
  });
  const outgoingSince = async (of: ThreadId, sinceMs: number) => {
    const stored = await lines.outgoingSince(of, sinceMs);
    const unsent = new Set(stored.flatMap(({ id, state }) => (state.deletedAtMs === undefined ? [] : [id])));
    return [...stored, ...told.filter(({ id }) => unsent.has(id))];
  };
  await resolveUnknown({ ...lines, outgoingSince }, first.accountId, thread);
}

type Event = ReadableRecord['event'];
type OutgoingEvent = Extract<Event, { readonly type: 'message' | 'graph' }>;

function isToldByMeta(event: Event): event is OutgoingEvent {
  if (event.type === 'message') return event.direction === 'out';
  return event.type === 'graph' && event.state.direction === 'out';
}

const threadAddress = ({ accountId, customerId }: OutgoingEvent) => ({
  accountId,
  addressee: { customerId },
});

async function markRecorded(sendId: SendId): Promise<void> {
  const ledger = sendLedger(dynamodb(), required('TABLE_NAME'));
  for (let row = await ledger.find(sendId); row && !row.isRecorded; row = await ledger.find(sendId)) {
    if (row.state.name !== 'sent' || !(await isWhollyStored(row))) return;
    if (await ledger.change(row, { isRecorded: true })) return;
  }
}
