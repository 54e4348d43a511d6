import type { HeldAttachment, HeldMessage, Person } from './conversations.ts';

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
