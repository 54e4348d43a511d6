import type { HeldMessage, Person } from './conversations.ts';
import { invalidParameter, noMatchingUser, outsideWindow } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';
import { newMid } from './ids.ts';
import type { World } from './world.ts';

const maxTextBytes = 1000;
const replyWindowMs = 24 * 60 * 60 * 1000;

export interface SentMessage {
  readonly customer: Person;
  readonly message: HeldMessage;
}

/** The Send API for text: checks what Meta checks, in Meta's words, and keeps the message. Throws `GraphError`. */
export function sendMessage(
  { conversations, clock, random }: World,
  body: Readonly<Record<string, unknown>>,
): SentMessage {
  const nowMs = clock.nowMs();
  const recipientId = parseRecipient(body.recipient);
  const text = parseText(body.message);
  const replyToMid = parseReplyTo(body.reply_to);
  const conversation = conversations.withCustomer(recipientId);
  if (conversation?.lastWroteAtMs === undefined) throw noMatchingUser();
  if (nowMs - conversation.lastWroteAtMs > replyWindowMs) throw outsideWindow();

  const message: HeldMessage = {
    id: newMid(random),
    sentAtMs: nowMs,
    fromBusiness: true,
    text,
    ...(replyToMid === undefined ? {} : { replyToMid }),
  };
  conversations.add(conversation.customer, message);
  return { customer: conversation.customer, message };
}

function parseRecipient(recipient: unknown): string {
  if (!isRecord(recipient)) throw invalidParameter('The parameter recipient is required');
  const { id } = recipient;
  if (typeof id !== 'string' || id === '') {
    throw invalidParameter('Param recipient[id] must be a valid ID string (e.g., "123")');
  }
  return id;
}

function parseText(message: unknown): string {
  if (!isRecord(message)) throw invalidParameter('The parameter message is required');
  // The reply belongs beside the message, not inside it.
  if ('reply_to' in message) throw invalidParameter('Invalid keys "reply_to" were found in param "message".');
  if ('attachment' in message || 'attachments' in message) {
    throw invalidParameter('The simulated Meta takes text messages only');
  }
  const { text } = message;
  if (typeof text !== 'string' || text.trim() === '') {
    throw invalidParameter('Message cannot be empty, must provide valid attachment or text');
  }
  if (Buffer.byteLength(text, 'utf8') > maxTextBytes) {
    throw invalidParameter(`Length of param message[text] must be less than or equal to ${maxTextBytes}`);
  }
  return text;
}

function parseReplyTo(replyTo: unknown): string | undefined {
  if (replyTo === undefined) return undefined;
  if (!isRecord(replyTo) || typeof replyTo.mid !== 'string' || replyTo.mid === '') {
    throw invalidParameter('Param reply_to[mid] must be a message id');
  }
  return replyTo.mid;
}
