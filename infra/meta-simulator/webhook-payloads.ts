import { isEcho, isOfPosts, type Update } from './webhook-updates.ts';

/** Deliveries as Meta builds them. */

export interface WebhookEvent {
  readonly sender: { readonly id: string };
  readonly recipient: { readonly id: string };
  /** Milliseconds. */
  readonly timestamp: number;
  readonly [content: string]: unknown;
}

export type Envelope = Record<string, unknown>;

/** The envelope of real deliveries, around one event. */
export function messagingDelivery(accountId: string, event: WebhookEvent): Envelope {
  return { object: 'instagram', entry: [{ id: accountId, time: event.timestamp, messaging: [event] }] };
}

/** The envelope of the App Dashboard's tests: `changes`, and the time as a string of seconds. */
export function changesDelivery(accountId: string, event: WebhookEvent): Envelope {
  const value = withSeconds(event);
  return {
    object: 'instagram',
    entry: [{ id: accountId, time: event.timestamp, changes: [{ field: 'messages', value }] }],
  };
}

/** An update on its way, with what befalls its envelope. */
export interface Outgoing extends Update {
  readonly entryId: string;
  /** Wraps a messaging item as the dashboard's tests do. */
  readonly asChange?: boolean;
}

export interface EnvelopeSettings {
  /** When it is sent, which is not when it happened. */
  readonly atMs: number;
  /** "Include values": off, the names of the fields alone are told. */
  readonly includeValues: boolean;
  readonly flatComments: boolean;
}

/**
 * One delivery of several updates. What one side wrote in a row shares an entry, and a change has its own;
 * Meta promises no more than that one POST may hold several entries.
 */
export function envelope(updates: readonly Outgoing[], settings: EnvelopeSettings): Envelope {
  const entries: Outgoing[][] = [];
  for (const update of updates) {
    const last = entries.at(-1);
    const [first] = last ?? [];
    if (first && last && mayShare(first, update)) last.push(update);
    else entries.push([update]);
  }
  return { object: 'instagram', entry: entries.map((entry) => entryOf(entry, settings)) };
}

function mayShare(first: Outgoing, next: Outgoing): boolean {
  return (
    first.entryId === next.entryId && isEcho(first) === isEcho(next) && !isChange(first) && !isChange(next)
  );
}

function isChange(update: Outgoing): boolean {
  return (update.asChange ?? false) || isOfPosts(update);
}

function entryOf(updates: readonly Outgoing[], settings: EnvelopeSettings): Record<string, unknown> {
  const { atMs, includeValues, flatComments } = settings;
  const [first] = updates;
  const id = first?.entryId;
  const seconds = Math.floor(atMs / 1000);
  if (!includeValues) {
    return { id, time: seconds, changed_fields: [...new Set(updates.map(({ field }) => field))] };
  }
  if (first && isChange(first)) {
    const change = { field: first.field, value: isOfPosts(first) ? first.value : withSeconds(first.value) };
    return flatComments && isOfPosts(first)
      ? { id, time: seconds, ...change }
      : { id, time: seconds, changes: [change] };
  }
  const messaging = updates.filter(({ field }) => field !== 'standby').map(({ value }) => value);
  const standby = updates.filter(({ field }) => field === 'standby').map(({ value }) => value);
  return {
    id,
    time: atMs,
    ...(messaging.length > 0 ? { messaging } : {}),
    ...(standby.length > 0 ? { standby } : {}),
  };
}

function withSeconds(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { ...item, timestamp: String(Math.floor(Number(item.timestamp) / 1000)) };
}
