import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { resolveUnknown } from '../../shared/sending/resolve-unknown.ts';
import { runtimeOutbox } from '../../shared/sending/runtime-outbox.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import { type SendId, threadOf } from '../../shared/sending/send-row.ts';
import { isWhollyStored } from '../../shared/sending/stored-messages.ts';
import type { ReadableRecord } from './read-records.ts';

/**
 * Tells the sends what was stored of them: that a message stands in its conversation, and that Meta told of a
 * message of the business, which may be one whose send had no answer. A failure fails no record: the schedule of
 * `deliver-sends` looks again.
 */
export async function settleSends(records: readonly ReadableRecord[]): Promise<void> {
  const recorded = new Set(records.flatMap(({ event }) => (event.type === 'send' ? [event.sendId] : [])));
  const threads = new Map(
    records.flatMap(({ event }) =>
      isToldByMeta(event) ? [[threadOf(threadAddress(event)), event.accountId] as const] : [],
    ),
  );
  try {
    await Promise.all([
      ...[...recorded].map((sendId) => markRecorded(sendId as SendId)),
      ...[...threads].map(([thread, account]) => resolveUnknown(runtimeOutbox(), account, thread)),
    ]);
  } catch (error) {
    log.warn('sends could not be settled yet', errorFacts(error));
  }
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
