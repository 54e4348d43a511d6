import type { SQSRecord } from 'aws-lambda';
import type { Notice } from '../../shared/account/notice.ts';
import { queueBody, toDeliveredItem } from '../../shared/conversations/queued-event.ts';
import { type InstagramEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';

export interface ReadableRecord {
  readonly record: SQSRecord;
  readonly event: InstagramEvent;
  readonly receivedAtMs: number;
  /** The place of the app secret that proved its delivery, where the body tells it. */
  readonly secretPlace?: number;
}

export interface FailedRecord {
  readonly record: SQSRecord;
  /** A retry cannot help: it goes to the dead-letter queue soon and delays nobody. */
  readonly isPermanent: boolean;
}

/** Separates events, notices, and what can never be understood. */
export function readRecords(records: readonly SQSRecord[]): {
  readable: ReadableRecord[];
  notices: Notice[];
  failures: FailedRecord[];
} {
  const readable: ReadableRecord[] = [];
  const notices: Notice[] = [];
  const failures: FailedRecord[] = [];
  for (const record of records) {
    try {
      const queued = queueBody.parse(JSON.parse(record.body));
      if (queued.source === 'notice') {
        notices.push(queued);
        continue;
      }
      readable.push({
        record,
        event: parseDeliveredItem(toDeliveredItem(queued)),
        receivedAtMs: queued.received_at,
        ...(queued.secret !== undefined && { secretPlace: queued.secret }),
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
  return { readable, notices, failures };
}
