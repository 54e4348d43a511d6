import type { HeldAttachment, HeldMessage, Person } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
import { echoUpdate } from './echoes.ts';
import { newMid } from './ids.ts';
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

/** What customers write, before it is a message. */
export interface Writer {
  write(customer: Person, message: CustomerMessage): HeldMessage;
  /** Tells the webhook of a message that is held already. */
  tell(customerId: string, held: HeldMessage): Promise<void>;
  unsend(customerId: string, mid: string): void;
}

const typesWithoutPayload = new Set(['ephemeral']);

export function createWriter(world: World, deliveries: Deliveries): Writer {
  const { account, clock, conversations, random, readings, state } = world;

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
    write(customer, message) {
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
      conversations.add(customer, held);
      // What the business writes to itself is told as its echo.
      if (customer.id === state.selfScopedId)
        deliveries.queue(echoUpdate(world, { customer, message: held }));
      else
        queueMessage(
          customer.id,
          messageUpdate(account.id, customer.id, held, extrasOf(message, held), readings),
        );
      return held;
    },
    async tell(customerId, held) {
      const update = messageUpdate(account.id, customerId, held, extrasOf({}, held), readings);
      if (update) await deliveries.now(update);
    },
    unsend(customerId, mid) {
      conversations.unsend(mid);
      queueMessage(customerId, unsendUpdate(account.id, customerId, mid, clock.nowMs()));
    },
  };
}

function isHeldByAnother({ state, conversations }: World, customerId: string): boolean {
  const lastWroteAtMs = conversations.withCustomer(customerId)?.lastWroteAtMs;
  const { defaultAppId } = state.switches;
  const holder = state.threads.mayBeAnsweredBy(customerId, lastWroteAtMs, defaultAppId);
  return holder !== undefined && holder !== state.appId;
}
