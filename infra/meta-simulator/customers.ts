import { type Commenters, createCommenters } from './commenters.ts';
import type { HeldAttachment, HeldMessage, Person } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
import { echoUpdate } from './echoes.ts';
import { newMid } from './ids.ts';
import {
  type Actor,
  editUpdate,
  feedbackUpdate,
  type Optin,
  optinUpdate,
  postbackUpdate,
  reactionUpdate,
  referralUpdate,
  seenUpdate,
} from './webhook-actions.ts';
import { type MessageExtras, messageUpdate, unsendUpdate } from './webhook-messages.ts';
import type { Update } from './webhook-updates.ts';
import type { World } from './world.ts';

export interface CustomerMessage {
  /** Absent: a new one. */
  readonly mid?: string;
  readonly text?: string;
  /** Where a payload is absent and the type has one, it gets an address. */
  readonly attachments?: readonly HeldAttachment[];
  readonly replyToMid?: string;
  readonly replyToStory?: { readonly id: string; readonly url: string; readonly linkStickerUrl?: string };
  readonly quickReply?: { readonly payload: string };
  /** Of an ad, or `{ product: { id } }`. */
  readonly referral?: Readonly<Record<string, unknown>>;
  /** Something that Meta does not show to apps. */
  readonly isUnsupported?: boolean;
}

export interface Tap {
  readonly mid?: string;
  readonly title: string;
  readonly payload: string;
  readonly referral?: { readonly ref: string; readonly source?: string };
}

/** Nobody of this id is among the customers, or no such message is held, or it is not theirs to change. */
export class NotTheirs extends Error {
  override readonly name = 'NotTheirs';
}

/** What customers do. Each changes what Meta holds and queues the delivery. All throw NotTheirs. */
export interface Customers extends Commenters {
  /** In the order in which they came. */
  people(): readonly Person[];
  add(person: Person): void;
  write(customerId: string, message: CustomerMessage): HeldMessage;
  /** Tells the webhook of a message that is held already. */
  tell(mid: string): Promise<void>;
  /** At most five times, as the Instagram app allows. */
  edit(mid: string, text: string): void;
  unsend(mid: string): void;
  /** Without a reaction: takes the last one back. */
  react(mid: string, reaction: { readonly reaction: string; readonly emoji: string } | undefined): void;
  /** A tap on an ice breaker, a button or the menu. */
  tap(customerId: string, tap: Tap): void;
  see(customerId: string, mid: string): void;
  /** An ig.me link; without a conversation it opens one, of which Meta tells nothing. */
  followLink(customerId: string, link: { readonly ref: string; readonly source?: string }): void;
  mentionInStory(customerId: string, url: string, mid?: string): HeldMessage;
  optIn(customerId: string, optin: Optin): void;
  /** Says what they think of an answer. */
  rate(customerId: string, mid: string, feedback: string): void;
}

const maxEdits = 5;
const maxPeople = 10_000;
const typesWithoutPayload = new Set(['ephemeral']);

export function createCustomers(world: World, deliveries: Deliveries): Customers {
  const { account, clock, conversations, random, readings, state } = world;
  const people = new Map<string, Person>();

  function person(customerId: string): Person {
    const known = people.get(customerId) ?? conversations.withCustomer(customerId)?.customer;
    if (known) return known;
    if (customerId === state.selfScopedId) return { id: customerId, username: account.username };
    throw new NotTheirs(`There is no customer ${customerId}.`);
  }

  function actor(customerId: string): Actor {
    const isSelf = customerId === state.selfScopedId;
    return { accountId: account.id, customerId, atMs: clock.nowMs(), ...(isSelf ? { isSelf } : {}) };
  }

  function heldBy(mid: string): { readonly held: HeldMessage; readonly customerId: string } {
    const held = conversations.message(mid);
    const customer = conversations.withMessage(mid)?.customer;
    if (!held || !customer) throw new NotTheirs(`There is no message ${mid}.`);
    return { held, customerId: customer.id };
  }

  function written(mid: string): { readonly held: HeldMessage; readonly customerId: string } {
    const found = heldBy(mid);
    if (found.held.fromBusiness) throw new NotTheirs(`The business wrote ${mid}.`);
    return found;
  }

  function address(): string {
    const signature = random.bytes(12).toString('base64url');
    return `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=${random.below(1e15)}&signature=${signature}`;
  }

  function withAddress(attachment: HeldAttachment): HeldAttachment {
    if (attachment.payload || typesWithoutPayload.has(attachment.type)) return attachment;
    return { type: attachment.type, payload: { url: address() } };
  }

  /** With another app in control, this one only listens. */
  function queueMessage(customerId: string, update: Update | undefined): void {
    if (!update) return;
    deliveries.queue(isHeldByAnother(world, customerId) ? { ...update, field: 'standby' } : update);
  }

  function write(customerId: string, message: CustomerMessage): HeldMessage {
    const { mid = newMid(random), text, attachments, replyToMid, replyToStory, isUnsupported } = message;
    const told = isUnsupported && !attachments ? [{ type: 'unsupported_type' }] : attachments;
    const held: HeldMessage = {
      id: mid,
      sentAtMs: clock.nowMs(),
      fromBusiness: false,
      ...(text === undefined ? {} : { text }),
      ...(told ? { attachments: told.map(withAddress) } : {}),
      ...(replyToMid === undefined ? {} : { replyToMid }),
      ...(replyToStory ? { replyToStory: { id: replyToStory.id, url: replyToStory.url } } : {}),
      ...(isUnsupported ? { isUnsupported } : {}),
    };
    const customer = person(customerId);
    conversations.add(customer, held);
    // What the business writes to itself is told as its echo.
    if (customerId === state.selfScopedId) deliveries.queue(echoUpdate(world, { customer, message: held }));
    else
      queueMessage(
        customerId,
        messageUpdate(account.id, customerId, held, extrasOf(message, held), readings),
      );
    return held;
  }

  function extrasOf(
    { quickReply, referral, replyToStory }: CustomerMessage,
    held: HeldMessage,
  ): MessageExtras {
    const target = held.replyToMid === undefined ? undefined : conversations.message(held.replyToMid);
    const { linkStickerUrl } = replyToStory ?? {};
    return {
      ...(quickReply ? { quickReply } : {}),
      ...(referral ? { referral } : {}),
      ...(linkStickerUrl === undefined ? {} : { linkStickerUrl }),
      ...(held.replyToMid === undefined ? {} : { isSelfReply: target?.fromBusiness === false }),
    };
  }

  return {
    people: () => [...people.values()],
    add(added) {
      people.set(added.id, added);
      const [oldest] = people.keys();
      if (people.size > maxPeople && oldest !== undefined) people.delete(oldest);
    },
    write,
    async tell(mid) {
      const { held, customerId } = written(mid);
      const update = messageUpdate(account.id, customerId, held, extrasOf({}, held), readings);
      if (update) await deliveries.now(update);
    },
    edit(mid, text) {
      const { held, customerId } = written(mid);
      const edits = (held.edits ?? 0) + 1;
      if (edits > maxEdits) throw new NotTheirs(`${mid} was edited ${maxEdits} times already.`);
      conversations.change(mid, (message) => ({ ...message, text, edits }));
      deliveries.queue(editUpdate(actor(customerId), { mid, text, edits }, readings));
    },
    unsend(mid) {
      const { customerId } = written(mid);
      conversations.unsend(mid);
      queueMessage(customerId, unsendUpdate(account.id, customerId, mid, clock.nowMs()));
    },
    react(mid, reacted) {
      const { customerId } = heldBy(mid);
      conversations.change(mid, (message) => {
        const others = (message.reactions ?? []).filter(({ fromBusiness }) => fromBusiness);
        return {
          ...message,
          reactions: [...others, ...(reacted ? [{ fromBusiness: false, ...reacted }] : [])],
        };
      });
      deliveries.queue(reactionUpdate(actor(customerId), mid, reacted));
    },
    tap(customerId, { mid = newMid(random), title, payload, referral }) {
      conversations.tapped(person(customerId), clock.nowMs());
      const origin = referral ? { referral: openThread(referral) } : {};
      deliveries.queue(postbackUpdate(actor(customerId), { mid, title, payload, ...origin }));
    },
    see(customerId, mid) {
      deliveries.queue(seenUpdate(actor(person(customerId).id), mid));
    },
    followLink(customerId, link) {
      if (!conversations.withCustomer(person(customerId).id)) return;
      deliveries.queue(referralUpdate(actor(customerId), openThread(link)));
    },
    mentionInStory: (customerId, url, mid) =>
      write(customerId, {
        attachments: [{ type: 'story_mention', payload: { url } }],
        ...(mid === undefined ? {} : { mid }),
      }),
    optIn(customerId, optin) {
      deliveries.queue(optinUpdate(actor(person(customerId).id), optin));
    },
    rate(customerId, mid, feedback) {
      deliveries.queue(feedbackUpdate(actor(person(customerId).id), mid, feedback));
    },
    ...createCommenters(world, deliveries, person),
  };

  function openThread({ ref, source = `https://ig.me/m/${account.username}?ref=${ref}` }: Link) {
    return { ref, source, type: 'OPEN_THREAD' } as const;
  }
}

interface Link {
  readonly ref: string;
  readonly source?: string;
}

function isHeldByAnother({ state, conversations }: World, customerId: string): boolean {
  const lastWroteAtMs = conversations.withCustomer(customerId)?.lastWroteAtMs;
  const { defaultAppId } = state.switches;
  const holder = state.threads.mayBeAnsweredBy(customerId, lastWroteAtMs, defaultAppId);
  return holder !== undefined && holder !== state.appId;
}
