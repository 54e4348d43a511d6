import type { SQSRecord } from 'aws-lambda';
import type { Notice } from '../../shared/account/notice.ts';
import type { ConversationEvent } from '../../shared/conversations/conversation-event.ts';
import { toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import { type QueueBody, queueBody } from '../../shared/conversations/queue-body.ts';
import { toDeliveredItem } from '../../shared/conversations/queued-event.ts';
import { type OtherEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { toOwnReactionEvent } from '../../shared/sending/own-reaction.ts';
import type { QueuedSendUpdate } from '../../shared/sending/send-update.ts';
import { toSendEvent } from '../../shared/sending/sent-event.ts';

export interface ReadableRecord {
  readonly record: SQSRecord;
  /** Delivered by Meta, found by reading Graph, or sent by ourselves: a message, or a reaction to one. */
  readonly source: 'webhook' | 'graph' | 'send' | 'reaction';
  readonly event: ConversationEvent | OtherEvent;
  /** When the webhook took it; of what was read, Meta's time of the read. */
  readonly receivedAtMs: number;
  /** The delivery that brought it, if one did. */
  readonly deliveryId?: string;
  /** The place of the app secret that proved its delivery, where the body tells it. */
  readonly secretPlace?: number;
}

/** What became of a send that was not sent. */
export interface SendUpdateRecord {
  readonly record: SQSRecord;
  readonly update: QueuedSendUpdate;
}

export interface FailedRecord {
  readonly record: SQSRecord;
  /** A retry cannot help: it goes to the dead-letter queue soon and delays nobody. */
  readonly isPermanent: boolean;
}

/** Separates the records by what they are, those that never will be understood too. */
export function readRecords(records: readonly SQSRecord[]): {
  readable: ReadableRecord[];
  updates: SendUpdateRecord[];
  notices: Notice[];
  failures: FailedRecord[];
} {
  const readable: ReadableRecord[] = [];
  const updates: SendUpdateRecord[] = [];
  const notices: Notice[] = [];
  const failures: FailedRecord[] = [];
  for (const record of records) {
    try {
      const read = readBody(record);
      if ('event' in read) readable.push(read);
      else if ('update' in read) updates.push(read);
      else notices.push(read);
    } catch (error) {
      log.error('a queued event cannot be read', {
        ...errorFacts(error),
        sqs_message_id: record.messageId,
        bytes: Buffer.byteLength(record.body),
      });
      failures.push({ record, isPermanent: true });
    }
  }
  return { readable, updates, notices, failures };
}

/** Which deliveries brought them, each once: each has its line in the log of receive-webhook. */
export function deliveriesOf(records: readonly ReadableRecord[]): readonly string[] {
  return [...new Set(records.flatMap(({ deliveryId }) => deliveryId ?? []))];
}

/** @throws what zod throws, or RangeError, for what this version cannot read. */
export function readBody(record: SQSRecord): ReadableRecord | SendUpdateRecord | Notice {
  const body = queueBody.parse(JSON.parse(record.body));
  if (body.source === 'notice') return body;
  if (body.source === 'send_update') return { record, update: body };
  return { record, ...understand(body) };
}

function understand(body: Exclude<QueueBody, Notice | QueuedSendUpdate>): Omit<ReadableRecord, 'record'> {
  if (body.source === 'graph') {
    return { source: 'graph', event: toGraphEvent(body), receivedAtMs: body.read_at };
  }
  if (body.source === 'send') {
    return { source: 'send', event: toSendEvent(body), receivedAtMs: body.sent_at };
  }
  if (body.source === 'reaction') {
    return { source: 'reaction', event: toOwnReactionEvent(body), receivedAtMs: body.reacted_at };
  }
  return {
    source: 'webhook',
    event: parseDeliveredItem(toDeliveredItem(body)),
    receivedAtMs: body.received_at,
    deliveryId: body.delivery_id,
    ...(body.secret !== undefined && { secretPlace: body.secret }),
  };
}
