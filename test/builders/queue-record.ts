import type { SQSRecord } from 'aws-lambda';
import type { Notice } from '../../shared/account/notice.ts';
import { toQueuedEvent } from '../../shared/conversations/queued-event.ts';

/** A record of the events queue, as the consumer gets it. */
export function queueRecord(body: string, messageId = 'sqs-1', receiveCount = 1): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '1760000000600',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '1760000000700',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:events',
    awsRegion: 'us-east-1',
  };
}

/** A record that carries one delivered messaging item. */
export function eventRecord(
  item: unknown,
  options: {
    readonly field?: string;
    readonly standby?: boolean;
    readonly receivedAtMs?: number;
    readonly secretPlace?: number;
    readonly id?: string;
  } = {},
): SQSRecord {
  const { field = 'messages', standby = false, receivedAtMs = 1760000000500, id = 'sqs-1' } = options;
  const { secretPlace } = options;
  const queued = toQueuedEvent(
    { field, standby, entryId: '17841400000000001', entryTime: 1760000000456, item },
    { id: 'delivery-1', receivedAtMs, ...(secretPlace !== undefined && { secretPlace }) },
  );
  return queueRecord(JSON.stringify(queued), id);
}

/** A record that carries a notice of the webhook. */
export function noticeRecord(seen: Omit<Notice, 'v' | 'source'>, id = 'sqs-1'): SQSRecord {
  const body: Notice = { v: 1, source: 'notice', ...seen };
  return queueRecord(JSON.stringify(body), id);
}
