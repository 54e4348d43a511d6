/** What the control API gives to the page, and takes from it. Both sides compile against these. */

export interface ShownState {
  readonly account: { readonly id: string; readonly username: string };
  readonly login: string;
  /** Epoch milliseconds on the simulated clock. */
  readonly nowMs: number;
  readonly people: readonly ShownPerson[];
  /** The thread of the customer asked for, oldest message first, the newest 200. */
  readonly messages: readonly ShownMessage[];
  /** The newest of the customer's messages that the business marked as seen. */
  readonly seenByBusinessMid?: string;
  /** Until when the business is typing, by the simulated clock. */
  readonly typingUntilMs?: number;
  /** Newest first, at most 100, without their payloads. */
  readonly deliveries: readonly ShownDelivery[];
  readonly faults: readonly ShownFault[];
  readonly iceBreakers: readonly ShownButton[];
  readonly callbackUrl?: string;
  /** False once Meta gave up on the webhook. */
  readonly isSubscribed: boolean;
}

export interface ShownPerson {
  readonly id: string;
  readonly username: string;
  readonly name?: string;
}

export interface ShownMessage {
  readonly id: string;
  readonly sentAtMs: number;
  readonly fromBusiness: boolean;
  readonly text?: string;
  readonly attachments?: readonly ShownAttachment[];
  readonly replyToMid?: string;
  readonly replyToStory?: { readonly id: string; readonly url: string };
  readonly isUnsupported?: boolean;
  readonly edits?: number;
  readonly reactions?: readonly ShownReaction[];
  readonly quickReplies?: readonly ShownQuickReply[];
}

export interface ShownAttachment {
  readonly type: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface ShownReaction {
  readonly fromBusiness: boolean;
  readonly reaction: string;
  readonly emoji: string;
}

export interface ShownQuickReply {
  readonly type: 'text' | 'user_email' | 'user_phone_number';
  /** A text has both. */
  readonly title?: string;
  readonly payload?: string;
}

export interface ShownButton {
  readonly title: string;
  readonly payload: string;
}

export interface ShownDelivery {
  readonly id: string;
  readonly atMs: number;
  readonly kinds: readonly string[];
  readonly tries: number;
  readonly status?: number;
  readonly state: 'waiting' | 'delivered' | 'dropped' | 'lost';
  readonly nextTryAtMs?: number;
  readonly tookMs?: number;
}

export interface ShownFault {
  readonly name: string;
  /** From 0 to 1; 0 is off. */
  readonly probability: number;
  readonly value?: number;
  /** What the value means, for the faults that have one. */
  readonly valueLabel?: string;
}

export interface ExamplePayload {
  readonly kind: string;
  readonly payload: unknown;
}

/** What a customer does, as `POST /simulator/actions` takes it. */
export type CustomerAction =
  | {
      readonly action: 'write';
      readonly customerId: string;
      readonly text?: string;
      readonly attachments?: readonly ShownAttachment[];
      readonly replyToMid?: string;
      readonly replyToStory?: { readonly id: string; readonly url: string };
      readonly quickReply?: { readonly payload: string };
      readonly isUnsupported?: boolean;
    }
  | { readonly action: 'edit'; readonly mid: string; readonly text: string }
  | { readonly action: 'unsend'; readonly mid: string }
  | { readonly action: 'react'; readonly mid: string; readonly reaction: string; readonly emoji: string }
  | { readonly action: 'unreact'; readonly mid: string }
  | { readonly action: 'tap'; readonly customerId: string; readonly title: string; readonly payload: string }
  | { readonly action: 'see'; readonly customerId: string; readonly mid: string }
  | { readonly action: 'followLink'; readonly customerId: string; readonly ref: string }
  | { readonly action: 'mentionInStory'; readonly customerId: string; readonly url: string }
  | { readonly action: 'comment'; readonly customerId: string; readonly text: string };
