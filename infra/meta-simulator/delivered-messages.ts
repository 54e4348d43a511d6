import * as z from 'zod';
import type { Conversations } from './conversations.ts';

interface DeliveredMessage {
  readonly senderId: string;
  readonly recipientId: string;
  readonly sentAtMs: number;
  readonly mid: string;
  readonly text?: string | undefined;
  readonly replyToMid?: string | undefined;
  readonly isEcho: boolean;
  readonly isDeleted: boolean;
}

const messageEvent = z.object({
  sender: z.object({ id: z.string() }),
  recipient: z.object({ id: z.string() }),
  timestamp: z.coerce.number(),
  message: z.object({
    mid: z.string(),
    text: z.string().optional(),
    is_echo: z.boolean().optional(),
    is_deleted: z.boolean().optional(),
    reply_to: z.object({ mid: z.string().optional() }).optional(),
  }),
});

const change = z.object({ value: z.unknown() });
const entry = z.object({
  messaging: z.array(z.unknown()).catch([]),
  standby: z.array(z.unknown()).catch([]),
  changes: z.array(change).catch([]),
});
const envelope = z.object({ entry: z.array(z.unknown()) });

/**
 * Keeps the messages of a delivery, whatever its envelope, so that what was delivered can be read back and
 * answered. Anything else in it is delivered all the same and leaves no trace here.
 */
export function keepDelivered(conversations: Conversations, payload: unknown): void {
  for (const message of deliveredMessages(payload)) {
    if (message.isDeleted) {
      conversations.unsend(message.mid);
      continue;
    }
    const customerId = message.isEcho ? message.recipientId : message.senderId;
    conversations.add(
      { id: customerId, username: `customer_${customerId}` },
      {
        id: message.mid,
        sentAtMs: message.sentAtMs,
        fromBusiness: message.isEcho,
        ...(message.text === undefined ? {} : { text: message.text }),
        ...(message.replyToMid === undefined ? {} : { replyToMid: message.replyToMid }),
      },
    );
  }
}

function deliveredMessages(payload: unknown): readonly DeliveredMessage[] {
  return eventsOf(payload).flatMap((event) => {
    const parsed = messageEvent.safeParse(event);
    if (!parsed.success) return [];
    const { sender, recipient, timestamp, message } = parsed.data;
    return {
      senderId: sender.id,
      recipientId: recipient.id,
      sentAtMs: asMs(timestamp),
      mid: message.mid,
      text: message.text,
      replyToMid: message.reply_to?.mid,
      isEcho: message.is_echo ?? false,
      isDeleted: message.is_deleted ?? false,
    };
  });
}

function eventsOf(payload: unknown): readonly unknown[] {
  if (Array.isArray(payload)) return payload.flatMap(eventsOf);
  const whole = envelope.safeParse(payload);
  if (whole.success) return whole.data.entry.flatMap(eventsOfEntry);
  return eventsOfChange(payload);
}

function eventsOfEntry(candidate: unknown): readonly unknown[] {
  const parsed = entry.safeParse(candidate);
  if (!parsed.success) return [];
  const { messaging, standby, changes } = parsed.data;
  return [...messaging, ...standby, ...changes.map(({ value }) => value), ...eventsOfChange(candidate)];
}

/** `{field, value}`, alone or lying flat on an entry. */
function eventsOfChange(candidate: unknown): readonly unknown[] {
  const parsed = change.safeParse(candidate);
  return parsed.success && parsed.data.value !== undefined ? [parsed.data.value] : [];
}

/** The dashboard's deliveries count in seconds, real ones in milliseconds. */
function asMs(timestamp: number): number {
  return timestamp < 100_000_000_000 ? timestamp * 1000 : timestamp;
}
