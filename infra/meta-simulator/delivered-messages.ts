import * as z from 'zod';
import type { Conversations, HeldMessage } from './conversations.ts';

const party = z.object({ id: z.string() });
const attachment = z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()).optional() });

const item = z.object({
  sender: party,
  recipient: party,
  timestamp: z.coerce.number(),
  message: z
    .object({
      mid: z.string(),
      text: z.string().optional(),
      is_echo: z.boolean().optional(),
      is_deleted: z.boolean().optional(),
      is_unsupported: z.boolean().optional(),
      attachments: z.array(attachment).min(1).optional().catch(undefined),
      reply_to: z
        .object({
          mid: z.string().optional(),
          story: z.object({ id: z.string(), url: z.string() }).optional(),
        })
        .optional()
        .catch(undefined),
    })
    .optional(),
  message_edit: z
    .object({ mid: z.string(), text: z.string(), num_edit: z.coerce.number() })
    .optional()
    .catch(undefined),
  reaction: z
    .object({
      mid: z.string(),
      action: z.enum(['react', 'unreact']),
      reaction: z.string().optional(),
      emoji: z.string().optional(),
    })
    .optional()
    .catch(undefined),
});

type Item = z.infer<typeof item>;

const change = z.object({ value: z.unknown() });
const entry = z.object({
  messaging: z.array(z.unknown()).catch([]),
  standby: z.array(z.unknown()).catch([]),
  changes: z.array(change).catch([]),
});
const envelope = z.object({ entry: z.array(z.unknown()) });

/**
 * Keeps what a delivery tells of messages, whatever its envelope, so that it can be read back and answered.
 * Anything else in it is delivered all the same and leaves no trace here.
 */
export function keepDelivered(conversations: Conversations, payload: unknown): void {
  for (const candidate of itemsOf(payload)) {
    const parsed = item.safeParse(candidate);
    if (parsed.success) keep(conversations, parsed.data);
  }
}

function keep(conversations: Conversations, { message_edit: edit, reaction, ...told }: Item): void {
  if (edit) {
    conversations.change(edit.mid, (held) => ({ ...held, text: edit.text, edits: edit.num_edit }));
  }
  if (reaction) {
    const { reaction: name = 'other', emoji = '', action, mid } = reaction;
    conversations.change(mid, (held) => {
      // Only customers' reactions are told.
      const others = (held.reactions ?? []).filter(({ fromBusiness }) => fromBusiness);
      const own = action === 'react' ? [{ fromBusiness: false, reaction: name, emoji }] : [];
      return { ...held, reactions: [...others, ...own] };
    });
  }
  if (told.message?.is_deleted) conversations.unsend(told.message.mid);
  else if (told.message) addMessage(conversations, told, told.message);
}

function addMessage(
  conversations: Conversations,
  { sender, recipient, timestamp }: Pick<Item, 'sender' | 'recipient' | 'timestamp'>,
  message: NonNullable<Item['message']>,
): void {
  const { mid, text, attachments, is_echo: fromBusiness = false, is_unsupported, reply_to } = message;
  const customerId = fromBusiness ? recipient.id : sender.id;
  const held: HeldMessage = {
    id: mid,
    sentAtMs: asMs(timestamp),
    fromBusiness,
    ...(text === undefined ? {} : { text }),
    ...(attachments
      ? { attachments: attachments.map(({ type, payload }) => (payload ? { type, payload } : { type })) }
      : {}),
    ...(reply_to?.mid === undefined ? {} : { replyToMid: reply_to.mid }),
    ...(reply_to?.story ? { replyToStory: reply_to.story } : {}),
    ...(is_unsupported ? { isUnsupported: true } : {}),
  };
  conversations.add({ id: customerId, username: `customer_${customerId}` }, held);
}

function itemsOf(payload: unknown): readonly unknown[] {
  if (Array.isArray(payload)) return payload.flatMap(itemsOf);
  const whole = envelope.safeParse(payload);
  if (whole.success) return whole.data.entry.flatMap(itemsOfEntry);
  return itemsOfChange(payload);
}

function itemsOfEntry(candidate: unknown): readonly unknown[] {
  const parsed = entry.safeParse(candidate);
  if (!parsed.success) return [];
  const { messaging, standby, changes } = parsed.data;
  return [...messaging, ...standby, ...changes.map(({ value }) => value), ...itemsOfChange(candidate)];
}

/** `{field, value}`, alone or lying flat on an entry. */
function itemsOfChange(candidate: unknown): readonly unknown[] {
  const parsed = change.safeParse(candidate);
  return parsed.success && parsed.data.value !== undefined ? [parsed.data.value] : [];
}

/** The dashboard's deliveries count in seconds, real ones in milliseconds. */
function asMs(timestamp: number): number {
  return timestamp < 100_000_000_000 ? timestamp * 1000 : timestamp;
}
