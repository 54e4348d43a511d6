import type { HeldAttachment, HeldMessage, Person } from './conversations.ts';
import { newMid } from './ids.ts';
import { messagingDelivery } from './webhook-payloads.ts';
import type { World } from './world.ts';

export interface WrittenMessage {
  readonly text?: string;
  readonly attachments?: readonly HeldAttachment[];
  readonly replyToMid?: string;
  readonly replyToStory?: { readonly id: string; readonly url: string };
  readonly quickReply?: { readonly payload: string };
  readonly isUnsupported?: boolean;
}

export interface Customers {
  people(): readonly Person[];
  add(person: Person): void;
  write(customerId: string, message: WrittenMessage): HeldMessage;
  edit(mid: string, text: string): void;
  unsend(mid: string): void;
  react(mid: string, reaction: { readonly reaction: string; readonly emoji: string } | undefined): void;
  tap(customerId: string, tapped: { readonly title: string; readonly payload: string }): void;
  see(customerId: string, mid: string): void;
  followLink(customerId: string, link: { readonly ref: string; readonly source?: string }): void;
  mentionInStory(customerId: string, url: string): void;
  comment(customerId: string, comment: { readonly text: string; readonly mediaId?: string }): void;
}

export interface DeliveryRecord {
  readonly id: string;
  readonly atMs: number;
  readonly kinds: readonly string[];
  readonly payload: unknown;
  readonly tries: number;
  readonly status?: number;
  readonly state: 'waiting' | 'delivered' | 'dropped' | 'lost';
  readonly nextTryAtMs?: number;
  readonly tookMs?: number;
}

export interface Deliveries {
  readonly record: readonly DeliveryRecord[];
  readonly subscribed: boolean;
  resend(id: string): void;
  subscribe(listener: () => void): () => void;
}

export function createDeliveries(post: (payload: unknown) => Promise<{ status: number }>, world: World) {
  const record: DeliveryRecord[] = [];
  const listeners = new Set<() => void>();
  const queue = (kind: string, payload: unknown) => {
    const id = String(record.length + 1);
    const at = record.length;
    const entry: DeliveryRecord = {
      id,
      atMs: world.clock.nowMs(),
      kinds: [kind],
      payload,
      tries: 1,
      state: 'waiting',
    };
    record.push(entry);
    const started = performance.now();
    void post(payload).then(
      ({ status }) => {
        record[at] = {
          ...entry,
          status,
          state: status === 200 ? 'delivered' : 'dropped',
          tookMs: performance.now() - started,
        };
        for (const l of listeners) l();
      },
      () => {
        record[at] = { ...entry, state: 'dropped' };
        for (const l of listeners) l();
      },
    );
  };
  return {
    record,
    subscribed: true,
    queue,
    resend: (id: string) => queue('again', record.find((r) => r.id === id)?.payload),
    subscribe: (l: () => void) => {
      listeners.add(l);
      return () => {
        listeners.delete(l);
      };
    },
  };
}

export function createCustomers(
  world: World,
  deliveries: ReturnType<typeof createDeliveries>,
  first: Person,
): Customers {
  const people: Person[] = [first];
  const send = (kind: string, customerId: string, content: object) =>
    deliveries.queue(
      kind,
      messagingDelivery(world.account.id, {
        sender: { id: customerId },
        recipient: { id: world.account.id },
        timestamp: world.clock.nowMs(),
        ...content,
      }),
    );
  const of = (mid: string) => world.conversations.withMessage(mid)?.customer.id ?? '';
  const customers: Customers = {
    people: () => people,
    add: (person) => void people.push(person),
    write(customerId, message) {
      const { quickReply, ...rest } = message;
      const held = { id: newMid(world.random), sentAtMs: world.clock.nowMs(), fromBusiness: false, ...rest };
      const person = people.find(({ id }) => id === customerId) ?? first;
      world.conversations.add(person, held);
      send('message', customerId, { message: { mid: held.id, text: held.text, quick_reply: quickReply } });
      return held;
    },
    edit(mid, text) {
      world.conversations.change(mid, (m) => ({ ...m, text, edits: (m.edits ?? 0) + 1 }));
      send('message_edit', of(mid), { message_edit: { mid, text, num_edit: 1 } });
    },
    unsend(mid) {
      send('unsend', of(mid), { message: { mid, is_deleted: true } });
      world.conversations.unsend(mid);
    },
    react(mid, reaction) {
      world.conversations.change(mid, (m) => ({
        ...m,
        reactions: [
          ...(m.reactions ?? []).filter((r) => r.fromBusiness),
          ...(reaction ? [{ fromBusiness: false, ...reaction }] : []),
        ],
      }));
      send('reaction', of(mid), { reaction: { mid, action: reaction ? 'react' : 'unreact', ...reaction } });
    },
    tap: (customerId, tapped) =>
      send('postback', customerId, { postback: { mid: newMid(world.random), ...tapped } }),
    see: (customerId, mid) => send('seen', customerId, { read: { mid } }),
    followLink: (customerId, link) => send('referral', customerId, { referral: link }),
    mentionInStory: (customerId, url) =>
      void customers.write(customerId, { attachments: [{ type: 'story_mention', payload: { url } }] }),
    comment: (customerId, comment) => send('comments', customerId, comment),
  };
  return customers;
}
