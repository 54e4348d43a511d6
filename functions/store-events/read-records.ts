import type { SQSRecord } from 'aws-lambda';
import type { Notice } from '../../shared/account/notice.ts';
import type { ConversationEvent } from '../../shared/conversations/conversation-event.ts';
import { toGraphEvent } from '../../shared/conversations/graph-finding.ts';
import { type QueueBody, queueBody, toDeliveredItem } from '../../shared/conversations/queued-event.ts';
import { type OtherEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { toOwnReactionEvent } from '../../shared/sending/own-reaction.ts';
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

export interface FailedRecord {
  readonly record: SQSRecord;
  /** A retry cannot help: it goes to the dead-letter queue soon and delays nobody. */
  readonly isPermanent: boolean;
}

/** Separates the records that can be understood, and the notices, from those that never will be. */
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
      const read = readBody(record);
      if ('event' in read) readable.push(read);
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
  return { readable, notices, failures };
}

/** Which deliveries brought them, each once: each has its line in the log of receive-webhook. */
export function deliveriesOf(records: readonly ReadableRecord[]): readonly string[] {
  return [...new Set(records.flatMap(({ deliveryId }) => deliveryId ?? []))];
}

/** @throws what zod throws, or RangeError, for what this version cannot read. */
export function readBody(record: SQSRecord): ReadableRecord | Notice {
  const body = queueBody.parse(JSON.parse(record.body));
  return body.source === 'notice' ? body : { record, ...understand(body) };
}

function understand(body: Exclude<QueueBody, Notice>): Omit<ReadableRecord, 'record'> {
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
