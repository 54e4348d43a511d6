import type { Reaction } from './conversations.ts';
import type { WebhookReadings } from './webhook-readings.ts';
import type { Update, WebhookField } from './webhook-updates.ts';

/** Who did something to the business, and when. */
export interface Actor {
  readonly accountId: string;
  readonly customerId: string;
  readonly atMs: number;
  /** The business, trying it out on itself. */
  readonly isSelf?: boolean;
}

/** https://developers.facebook.com/docs/instagram-platform/webhooks/examples */
export function editUpdate(
  actor: Actor,
  { mid, text, edits }: { readonly mid: string; readonly text: string; readonly edits: number },
  { editCount }: WebhookReadings,
): Update {
  const num_edit = editCount === 'string' ? String(edits) : edits;
  return actorUpdate('message_edit', actor, { message_edit: { mid, text, num_edit } });
}

/** Without a reaction: it was taken back. */
export function reactionUpdate(
  actor: Actor,
  mid: string,
  reacted: Pick<Reaction, 'reaction' | 'emoji'> | undefined,
): Update {
  const reaction = reacted
    ? { mid, action: 'react', reaction: reacted.reaction, emoji: reacted.emoji }
    : { mid, action: 'unreact' };
  return actorUpdate('message_reactions', actor, { reaction });
}

export interface Referral {
  readonly ref: string;
  /** Of an ig.me link: its address. */
  readonly source: string;
  readonly type: 'OPEN_THREAD';
}

/** A tap on an ice breaker, a template's button or the persistent menu. */
export function postbackUpdate(
  actor: Actor,
  postback: {
    readonly mid: string;
    readonly title: string;
    readonly payload: string;
    readonly referral?: Referral;
  },
): Update {
  return actorUpdate('messaging_postbacks', actor, { postback });
}

export function seenUpdate(actor: Actor, mid: string): Update {
  return actorUpdate('messaging_seen', actor, { read: { mid } });
}

export function referralUpdate(actor: Actor, referral: Referral): Update {
  return actorUpdate('messaging_referral', actor, { referral });
}

export interface Optin {
  readonly type?: string;
  readonly ref?: string;
  readonly payload?: string;
}

/** Meta documents no Instagram form: this is Messenger's. */
export function optinUpdate(actor: Actor, optin: Optin): Update {
  return actorUpdate('messaging_optins', actor, { optin });
}

/** Meta documents no form at all. */
export function feedbackUpdate(actor: Actor, mid: string, feedback: string): Update {
  return actorUpdate('response_feedback', actor, { response_feedback: { mid, feedback } });
}

export function actorUpdate(
  field: WebhookField,
  { accountId, customerId, atMs, isSelf }: Actor,
  content: Readonly<Record<string, unknown>>,
): Update {
  const value = {
    sender: { id: customerId },
    recipient: { id: accountId },
    timestamp: atMs,
    ...(isSelf ? { is_self: true } : {}),
    ...content,
  };
  return { field, value };
}
