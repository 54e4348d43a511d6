import { countSend } from './access-rules.ts';
import type { Reaction } from './conversations.ts';
import { invalidParameter, messageDeleted } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';
import { parseRecipient } from './send-envelope.ts';
import { sendErrors } from './send-errors.ts';
import { reachable } from './send-message.ts';
import type { World } from './world.ts';

type Body = Readonly<Record<string, unknown>>;

const emoji = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\u{FE0F}?\u{20E3})/u;

/**
 * Typing, seen and reactions. The answer names the recipient alone. Throws `GraphError`.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/sender-actions
 */
export function takeSenderAction(world: World, body: Body, appId: string): Record<string, unknown> {
  const { state, login, readings } = world;
  const { sender_action: action } = body;
  if (body.message !== undefined) throw sendErrors.messageAndAction();
  const recipient = parseRecipient(body.recipient);
  if (!('id' in recipient)) throw invalidParameter('Param recipient[id] is required for a sender action');
  const { id } = recipient;
  reachable(id, world, appId);
  countSend(world, id, 'text');

  if (action === 'react' || action === 'unreact') {
    react(world, action, id, body.payload);
    return { recipient_id: id };
  }
  if (login === 'instagram' && readings.senderActionsOnInstagramLogin === 'refused') {
    throw invalidParameter('Param sender_action is not supported');
  }
  if (action === 'typing_on' || action === 'typing_off') state.threads.types(id, action === 'typing_on');
  else if (action === 'mark_seen') state.threads.sees(id);
  else throw invalidParameter('Param sender_action is unknown');
  return { recipient_id: id };
}

/** Reacting again changes the reaction. */
function react(world: World, action: 'react' | 'unreact', customerId: string, payload: unknown): void {
  const { message_id: mid, reaction } = isRecord(payload) ? payload : {};
  if (typeof mid !== 'string') throw invalidParameter('Param payload[message_id] is required');
  const conversation = world.conversations.withMessage(mid);
  if (conversation?.customer.id !== customerId) throw messageDeleted();
  const mine = action === 'react' ? [parseReaction(reaction, world)] : [];
  const changed = world.conversations.change(mid, (message) => ({
    ...message,
    reactions: [...(message.reactions ?? []).filter(({ fromBusiness }) => !fromBusiness), ...mine],
  }));
  if (!changed) throw messageDeleted();
}

function parseReaction(reaction: unknown, { login, readings }: World): Reaction {
  if (reaction === 'love' || reaction === '❤️' || reaction === '❤') {
    return { fromBusiness: true, reaction: 'love', emoji: '❤️' };
  }
  const isLoveOnly = login === 'facebook' && readings.reactionsOnFacebookLogin === 'love';
  if (typeof reaction !== 'string' || !emoji.test(reaction) || isLoveOnly) {
    throw invalidParameter('Param payload[reaction] must be an emoji or love');
  }
  return { fromBusiness: true, reaction: 'other', emoji: reaction };
}
