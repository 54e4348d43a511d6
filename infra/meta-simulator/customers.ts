import { type Commenters, createCommenters } from './commenters.ts';
import type { HeldMessage, Person } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
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
import type { World } from './world.ts';
import { type CustomerMessage, createWriter } from './writer.ts';

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

export function createCustomers(world: World, deliveries: Deliveries): Customers {
  const { account, clock, conversations, random, readings, state } = world;
  const people = new Map<string, Person>();
  const writer = createWriter(world, deliveries);

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

  return {
    people: () => [...people.values()],
    add(added) {
      people.set(added.id, added);
      const [oldest] = people.keys();
      if (people.size > maxPeople && oldest !== undefined) people.delete(oldest);
    },
    write: (customerId, message) => writer.write(person(customerId), message),
    mentionInStory: (customerId, url, mid) =>
      writer.write(person(customerId), {
        attachments: [{ type: 'story_mention', payload: { url } }],
        ...(mid === undefined ? {} : { mid }),
      }),
    async tell(mid) {
      const { held, customerId } = written(mid);
      await writer.tell(customerId, held);
    },
    edit(mid, text) {
      const { held, customerId } = written(mid);
      const edits = (held.edits ?? 0) + 1;
      if (edits > maxEdits) throw new NotTheirs(`${mid} was edited ${maxEdits} times already.`);
      conversations.change(mid, (message) => ({ ...message, text, edits }));
      deliveries.queue(editUpdate(actor(customerId), { mid, text, edits }, readings));
    },
    unsend(mid) {
      writer.unsend(written(mid).customerId, mid);
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
