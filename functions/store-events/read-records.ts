import type { SQSRecord } from 'aws-lambda';
import type { ConversationEvent } from '../../shared/conversations/conversation-event.ts';
import { queuedFinding, toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import { queuedEvent, toDeliveredItem } from '../../shared/conversations/queued-event.ts';
import { type OtherEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { isRecord } from '../../shared/runtime/json.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

export interface ReadableRecord {
  readonly record: SQSRecord;
  readonly event: ConversationEvent | OtherEvent;
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
      readable.push({ record, ...read(JSON.parse(record.body)) });
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

function read(body: unknown): Pick<ReadableRecord, 'event' | 'receivedAtMs'> {
  if (isRecord(body) && body.source === 'graph') {
    const finding = queuedFinding.parse(body);
    return { event: toGraphEvent(finding), receivedAtMs: finding.read_at };
  }
  const queued = queuedEvent.parse(body);
  return { event: parseDeliveredItem(toDeliveredItem(queued)), receivedAtMs: queued.received_at };
}
