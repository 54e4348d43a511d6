import { isRecord } from '../runtime/json.ts';

/**
 * One thing that Meta delivered, taken out of whichever envelope it came in, not yet understood.
 * The queue carries it in this form, so that a fault in our parser never costs a message.
 */
export interface DeliveredItem {
  /** The webhook field: `messages`, `message_reactions`, `comments` …; `unknown` where the envelope names none. */
  readonly field: string;
  /** Came in `standby[]`: another app holds the thread. */
  readonly standby: boolean;
  /** `entry.id`, a cross-check only: Meta's own samples do not always put the account's id there. */
  readonly entryId?: string;
  /** `entry.time` as sent: when Meta sent it, in seconds or milliseconds. */
  readonly entryTime?: number | string;
  /** The messaging item, or the change's `value`. */
  readonly item: unknown;
}

export type Envelope =
  | { readonly kind: 'instagram'; readonly items: readonly DeliveredItem[] }
  | { readonly kind: 'foreign'; readonly object: string };

/**
 * Opens a webhook body: `messaging[]`, `standby[]`, `changes[]`, `field`/`value` on the entry, the bare
 * `{field, value}` of the dashboard's dialog, each also wrapped in an array. What it does not know is handed
 * on as a whole. https://developers.facebook.com/docs/instagram-platform/webhooks/examples
 */
export function openEnvelope(body: unknown): Envelope {
  const items: DeliveredItem[] = [];
  let foreignObject: string | undefined;
  for (const part of Array.isArray(body) ? body : [body]) {
    if (isRecord(part) && part.object === undefined && typeof part.field === 'string') {
      items.push({ field: part.field, standby: part.field === 'standby', item: part.value });
    } else if (isRecord(part) && part.object === 'instagram') {
      items.push(...(Array.isArray(part.entry) ? part.entry.flatMap(openEntry) : [unknownItem(part)]));
    } else {
      foreignObject = isRecord(part) ? String(part.object) : typeof part;
    }
  }
  return items.length === 0 && foreignObject !== undefined
    ? { kind: 'foreign', object: foreignObject }
    : { kind: 'instagram', items };
}

function openEntry(entry: unknown): DeliveredItem[] {
  if (!isRecord(entry)) return [unknownItem(entry)];
  const envelope = {
    ...(typeof entry.id === 'string' && { entryId: entry.id }),
    ...((typeof entry.time === 'number' || typeof entry.time === 'string') && { entryTime: entry.time }),
  };
  const items: DeliveredItem[] = [];
  for (const item of list(entry.messaging)) {
    items.push({ ...envelope, field: messagingField(item), standby: false, item });
  }
  for (const item of list(entry.standby)) {
    items.push({ ...envelope, field: messagingField(item), standby: true, item });
  }
  for (const change of list(entry.changes)) {
    items.push(
      isRecord(change) && typeof change.field === 'string'
        ? { ...envelope, field: change.field, standby: change.field === 'standby', item: change.value }
        : { ...unknownItem(change), ...envelope },
    );
  }
  if (typeof entry.field === 'string') {
    items.push({
      ...envelope,
      field: entry.field,
      standby: entry.field === 'standby',
      item: entry.value,
    });
  }
  if (items.length === 0 && !hasEmptyList(entry)) items.push({ ...unknownItem(entry), ...envelope });
  return items;
}

const hasEmptyList = (entry: Record<string, unknown>) =>
  ['messaging', 'standby', 'changes'].some((key) => Array.isArray(entry[key]));

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const unknownItem = (item: unknown): DeliveredItem => ({ field: 'unknown', standby: false, item });

const fieldByKey = {
  message: 'messages',
  message_edit: 'message_edit',
  reaction: 'message_reactions',
  postback: 'messaging_postbacks',
  read: 'messaging_seen',
  referral: 'messaging_referral',
  optin: 'messaging_optins',
  pass_thread_control: 'messaging_handover',
  take_thread_control: 'messaging_handover',
  request_thread_control: 'messaging_handover',
  app_roles: 'messaging_handover',
  'policy-enforcement': 'messaging_policy_enforcement',
  response_feedback: 'response_feedback',
} as const;
const messagingKeys = Object.keys(fieldByKey) as (keyof typeof fieldByKey)[];

function messagingField(item: unknown): string {
  if (!isRecord(item)) return 'unknown';
  const key = messagingKeys.find((candidate) => candidate in item);
  return key ? fieldByKey[key] : 'unknown';
}
