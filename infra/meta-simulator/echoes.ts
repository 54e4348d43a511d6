import type { HeldAttachment, HeldMessage, Person } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
import { isRecord } from './graph-request.ts';
import type { WebhookReadings } from './webhook-readings.ts';
import type { Update } from './webhook-updates.ts';
import type { World } from './world.ts';

/** A message of the business, sent by whatever means. */
export interface Echoed {
  readonly customer: Person;
  readonly message: HeldMessage;
  /** The send's own, which only the sending app gave. */
  readonly metadata?: string;
  /** The app that sent it; absent: this one; null: none, somebody typed it. */
  readonly appId?: string | null;
}

/**
 * Tells the business's own webhook what the business sent. `before`: resolves when the receiver has it, so that
 * the answer to the send can come after. The business's reactions have no echo.
 */
export function createEcho(world: World, deliveries: Deliveries) {
  return async (sent: Echoed, moment: 'before' | 'after'): Promise<void> => {
    const update = echoUpdate(world, sent);
    if (moment === 'before') await deliveries.now(update);
    else deliveries.queue(update);
  };
}

/** https://developers.facebook.com/docs/instagram-platform/webhooks/examples */
export function echoUpdate({ account, state, readings }: World, sent: Echoed): Update {
  const { customer, message, metadata, appId = state.appId } = sent;
  const { id: mid, text, attachments, replyToMid } = message;
  return {
    field: 'messages',
    value: {
      sender: { id: account.id },
      recipient: { id: customer.id },
      timestamp: message.sentAtMs,
      message: {
        ...(isWithoutMid(message, readings) ? {} : { mid }),
        ...(text === undefined ? {} : { text }),
        is_echo: true,
        ...(customer.id === state.selfScopedId ? { is_self: true } : {}),
        ...(readings.echoAppId === 'sent' && appId !== null ? { app_id: appId } : {}),
        ...(readings.echoAppId === 'sent' && metadata !== undefined ? { metadata } : {}),
        ...(attachments ? { attachments: attachments.map((held) => attachmentOf(held, readings)) } : {}),
        ...(replyToMid === undefined ? {} : { reply_to: { mid: replyToMid } }),
      },
    },
  };
}

function isWithoutMid({ isUnsupported }: HeldMessage, { unsupported }: WebhookReadings): boolean {
  return isUnsupported === true && unsupported === 'attachment_without_mid';
}

function attachmentOf(held: HeldAttachment, { templateEcho }: WebhookReadings): HeldAttachment {
  if (held.type !== 'template' || templateEcho === 'as_sent' || !isRecord(held.payload)) return held;
  const { template_type: _, ...generic } = held.payload;
  return { type: 'template', payload: { generic } };
}
