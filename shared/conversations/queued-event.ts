import * as z from 'zod/mini';
import type { DeliveredItem } from '../instagram/webhook-envelope.ts';

/**
 * An event on the events queue, version 1. It carries the delivered item unparsed: the consumer understands it,
 * so a parser that fails can be mended and the message redriven.
 */
export const queuedEvent = z.object({
  v: z.literal(1),
  source: z.literal('webhook'),
  delivery_id: z.string(),
  /** When the webhook took it, in ms. Only ever compared with Meta's times, never stored. */
  received_at: z.int(),
  /** Which app secret proved the delivery, by its place in the list. Absent in bodies of before it was told. */
  secret: z.optional(z.int()),
  field: z.string(),
  standby: z.boolean(),
  entry_id: z.optional(z.string()),
  entry_time: z.optional(z.union([z.number(), z.string()])),
  item: z.optional(z.unknown()),
});
export type QueuedEvent = z.infer<typeof queuedEvent>;

/** How a delivery came. */
export interface Delivery {
  readonly id: string;
  readonly receivedAtMs: number;
  /** The place of the app secret that proved it. */
  readonly secretPlace?: number;
}

export function toQueuedEvent(delivered: DeliveredItem, delivery: Delivery): QueuedEvent {
  return {
    v: 1,
    source: 'webhook',
    delivery_id: delivery.id,
    received_at: delivery.receivedAtMs,
    ...(delivery.secretPlace !== undefined && { secret: delivery.secretPlace }),
    field: delivered.field,
    standby: delivered.standby,
    ...(delivered.entryId !== undefined && { entry_id: delivered.entryId }),
    ...(delivered.entryTime !== undefined && { entry_time: delivered.entryTime }),
    item: delivered.item,
  };
}

export function toDeliveredItem(queued: QueuedEvent): DeliveredItem {
  return {
    field: queued.field,
    standby: queued.standby,
    ...(queued.entry_id !== undefined && { entryId: queued.entry_id }),
    ...(queued.entry_time !== undefined && { entryTime: queued.entry_time }),
    item: queued.item,
  };
}
