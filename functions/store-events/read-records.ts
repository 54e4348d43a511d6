import type { SQSRecord } from 'aws-lambda';
import { queuedEvent, toDeliveredItem } from '../../shared/conversations/queued-event.ts';
import { type InstagramEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

export interface ReadableRecord {
  readonly record: SQSRecord;
  readonly event: InstagramEvent;
  readonly receivedAtMs: number;
}

export interface FailedRecord {
  readonly record: SQSRecord;
  /** A retry cannot help: it goes to the dead-letter queue soon and delays nobody. */
  readonly isPermanent: boolean;
}

/** Separates the records that can be understood from those that never will be. */
export function readRecords(records: readonly SQSRecord[]): {
  readable: ReadableRecord[];
  failures: FailedRecord[];
} {
  const readable: ReadableRecord[] = [];
  const failures: FailedRecord[] = [];
  for (const record of records) {
    try {
      const queued = queuedEvent.parse(JSON.parse(record.body));
      readable.push({
        record,
        event: parseDeliveredItem(toDeliveredItem(queued)),
        receivedAtMs: queued.received_at,
      });
    } catch (error) {
      log.error('a queued event cannot be read', {
        ...errorFacts(error),
        sqs_message_id: record.messageId,
        bytes: Buffer.byteLength(record.body),
      });
      failures.push({ record, isPermanent: true });
    }
  }
  return { readable, failures };
}
