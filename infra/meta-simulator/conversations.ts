import { conversationId } from './ids.ts';

export interface Person {
  /** The Instagram-scoped id. */
  readonly id: string;
  readonly username: string;
  readonly name?: string;
}

export interface HeldMessage {
  readonly id: string;
  readonly sentAtMs: number;
  readonly fromBusiness: boolean;
  readonly text?: string;
  /** As a webhook names them: type, and a payload with its url. */
  readonly attachments?: readonly HeldAttachment[];
  readonly replyToMid?: string;
  readonly replyToStory?: { readonly id: string; readonly url: string };
  readonly isUnsupported?: boolean;
  /** What the customer can tap under a text of the business. */
  readonly quickReplies?: readonly QuickReply[];
  /** How often its sender changed the text. */
  readonly edits?: number;
  /** At most one of each side. */
  readonly reactions?: readonly Reaction[];
}

export interface HeldAttachment {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface QuickReply {
  readonly type: 'text' | 'user_email' | 'user_phone_number';
  /** A text has both. */
  readonly title?: string;
  readonly payload?: string;
}

export interface Reaction {
  readonly fromBusiness: boolean;
  /** Meta's name: `love`, `like`, `other` … */
  readonly reaction: string;
  readonly emoji: string;
}

export interface Conversation {
  readonly id: string;
  readonly customer: Person;
  /** Newest first. */
  readonly messages: readonly HeldMessage[];
  readonly updatedAtMs: number;
  /** When the customer last wrote, also when that message was unsent since. */
  readonly lastWroteAtMs: number | undefined;
}

interface MutableConversation extends Conversation {
  readonly messages: HeldMessage[];
  updatedAtMs: number;
  lastWroteAtMs: number | undefined;
}

/** More than any page of Graph shows, and few enough for a day of load. */
const keptPerConversation = 500;
const keptConversations = 5_000;
const keptMessages = 25_000;
/** Ids of messages that are gone, so that they read as deleted rather than as unknown. */
const keptGoneMids = 10_000;

/**
 * What Meta holds of one account's direct messages: the newest 500 of a conversation, and of all together
 * 25,000 in 5,000 conversations, beyond which the least recently active conversation goes.
 */
export class Conversations {
  readonly #accountId: string;
  readonly #byCustomer = new Map<string, MutableConversation>();
  readonly #byId = new Map<string, MutableConversation>();
  readonly #byMid = new Map<string, MutableConversation>();
  /** The least recently active stands first. */
  readonly #byActivity = new Set<MutableConversation>();
  readonly #listeners = new Set<() => void>();
  readonly #gone: string[] = [];
  #count = 0;

  constructor(accountId: string) {
    this.#accountId = accountId;
  }

  /** Tells that something changed. Returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Newest activity first. */
  list(): readonly Conversation[] {
    return [...this.#byCustomer.values()].sort((a, b) => b.updatedAtMs - a.updatedAtMs);
  }

  /** The one that was opened first. */
  first(): Conversation | undefined {
    return this.#byCustomer.values().next().value;
  }

  withCustomer(customerId: string): Conversation | undefined {
    return this.#byCustomer.get(customerId);
  }

  withId(id: string): Conversation | undefined {
    return this.#byId.get(id);
  }

  withMessage(mid: string): Conversation | undefined {
    return this.#byMid.get(mid);
  }

  message(mid: string): HeldMessage | undefined {
    return this.#byMid.get(mid)?.messages.find(({ id }) => id === mid);
  }

  /** Keeps a message once, however often it is told; opens the conversation when it is the first. */
  add(customer: Person, message: HeldMessage): void {
    if (this.#byMid.has(message.id)) return;
    const conversation = this.#byCustomer.get(customer.id) ?? this.#open(customer);
    const older = conversation.messages.findIndex((held) => held.sentAtMs <= message.sentAtMs);
    conversation.messages.splice(older === -1 ? conversation.messages.length : older, 0, message);
    conversation.updatedAtMs = Math.max(conversation.updatedAtMs, message.sentAtMs);
    if (!message.fromBusiness) this.#opensWindow(conversation, message.sentAtMs);
    this.#byMid.set(message.id, conversation);
    this.#count += 1;
    if (conversation.messages.length > keptPerConversation) this.#remove(conversation, keptPerConversation);
    this.#byActivity.delete(conversation);
    this.#byActivity.add(conversation);
    this.#forgetInactive();
    this.#changed();
  }

  /** A tap on an ice breaker, a menu or a button opens the reply window as a message does. */
  tapped(customer: Person, atMs: number): void {
    this.#opensWindow(this.#byCustomer.get(customer.id) ?? this.#open(customer), atMs);
    this.#changed();
  }

  /** Replaces a held message by what `change` makes of it; nothing when it is not held. */
  change(mid: string, change: (message: HeldMessage) => HeldMessage): HeldMessage | undefined {
    const messages = this.#byMid.get(mid)?.messages;
    const at = messages?.findIndex((held) => held.id === mid) ?? -1;
    const message = messages?.[at];
    if (!messages || !message) return undefined;
    const changed = change(message);
    messages[at] = changed;
    this.#changed();
    return changed;
  }

  unsend(mid: string): void {
    const messages = this.#byMid.get(mid)?.messages;
    const at = messages?.findIndex((held) => held.id === mid) ?? -1;
    const conversation = this.#byMid.get(mid);
    if (conversation && at !== -1) this.#remove(conversation, at);
    this.#changed();
  }

  #remove(conversation: MutableConversation, at: number): void {
    const [removed] = conversation.messages.splice(at, 1);
    if (!removed) return;
    this.#count -= 1;
    this.#gone.push(removed.id);
    if (this.#gone.length > keptGoneMids) this.#byMid.delete(this.#gone.shift() ?? '');
  }

  #forgetInactive(): void {
    for (const conversation of this.#byActivity) {
      if (this.#byCustomer.size <= keptConversations && this.#count <= keptMessages) return;
      this.#byActivity.delete(conversation);
      this.#byCustomer.delete(conversation.customer.id);
      this.#byId.delete(conversation.id);
      for (const { id } of conversation.messages) this.#byMid.delete(id);
      this.#count -= conversation.messages.length;
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #opensWindow(conversation: MutableConversation, atMs: number): void {
    conversation.lastWroteAtMs = Math.max(conversation.lastWroteAtMs ?? 0, atMs);
  }

  #open(customer: Person): MutableConversation {
    const id = conversationId(this.#accountId, customer.id);
    const conversation = { id, customer, messages: [], updatedAtMs: 0, lastWroteAtMs: undefined };
    this.#byCustomer.set(customer.id, conversation);
    this.#byId.set(id, conversation);
    this.#byActivity.add(conversation);
    return conversation;
  }
}
