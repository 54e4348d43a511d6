import {
  checkReaches,
  checkReplyWindow,
  checkThreadOwner,
  countPrivateReply,
  countSend,
} from './access-rules.ts';
import type { HeldMessage, Person } from './conversations.ts';
import { newMid } from './ids.ts';
import { type MessageContent, parseMessage } from './message-content.ts';
import { checkMedia } from './outgoing-media.ts';
import { type Envelope, parseEnvelope } from './send-envelope.ts';
import { sendErrors } from './send-errors.ts';
import { checkSingleImage } from './single-image.ts';
import type { World } from './world.ts';

const privateReplyMs = 7 * 24 * 60 * 60 * 1000;

export interface SentMessage {
  readonly customer: Person;
  readonly message: HeldMessage;
  /** What the app wrote on it for itself. */
  readonly metadata?: string;
  /** The app whose token sent it. */
  readonly appId: string;
}

interface Destination {
  readonly customer: Person;
  /** Marks what the message uses up. */
  readonly sent: (mid: string) => void;
}

/**
 * The Send API: checks what Meta checks, in Meta's words, and keeps the message. `appId` is the sending app.
 * Throws `GraphError`.
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 */
export async function sendMessage(
  world: World,
  body: Readonly<Record<string, unknown>>,
  appId: string,
): Promise<SentMessage> {
  const envelope = parseEnvelope(body, world);
  const content = parseMessage(body.message, world);
  checkSingleImage(body.message, world);
  const { customer, sent } = destinationOf(envelope, content, world, appId);
  for (const { type, url } of content.media) await checkMedia(type, url, world.readings);

  const message = keep(customer, envelope, content, world);
  sent(message.id);
  world.state.threads.set(customer.id, { folder: 'general' });
  if (envelope.passTo !== undefined) world.state.threads.passTo(customer.id, envelope.passTo);
  const { metadata } = envelope;
  return { customer, message, appId, ...(metadata === undefined ? {} : { metadata }) };
}

function keep(
  customer: Person,
  { replyToMid }: Envelope,
  { held }: MessageContent,
  { conversations, clock, random }: World,
): HeldMessage {
  const message: HeldMessage = {
    id: newMid(random),
    sentAtMs: clock.nowMs(),
    fromBusiness: true,
    ...held,
    ...(replyToMid === undefined ? {} : { replyToMid }),
  };
  conversations.add(customer, message);
  return message;
}

function destinationOf(
  envelope: Envelope,
  content: MessageContent,
  world: World,
  appId: string,
): Destination {
  const { recipient } = envelope;
  return 'commentId' in recipient
    ? commenter(recipient.commentId, world)
    : writer(recipient.id, envelope, content, world, appId);
}

function writer(
  id: string,
  { isHumanAgent }: Envelope,
  { held, media }: MessageContent,
  world: World,
  appId: string,
): Destination {
  if (id === world.state.selfScopedId && held.quickReplies) {
    throw sendErrors.invalidData('Quick replies are not for messages to oneself.');
  }
  const kind = media.some(({ type }) => type === 'audio' || type === 'video') ? 'media' : 'text';
  const { customer, lastWroteAtMs } = reachable(id, world, appId);
  if (lastWroteAtMs !== undefined) checkReplyWindow(world, lastWroteAtMs, isHumanAgent);
  countSend(world, id, kind);
  return { customer, sent: () => undefined };
}

/** Whom an app may address: who wrote first, is within its reach and in a thread that it may answer. */
export function reachable(
  id: string,
  world: World,
  appId: string,
): { readonly customer: Person; readonly lastWroteAtMs: number | undefined } {
  // A business can always write to itself, whatever the reply window.
  if (id === world.state.selfScopedId) {
    return { customer: { id, username: world.account.username }, lastWroteAtMs: undefined };
  }
  const conversation = world.conversations.withCustomer(id);
  if (conversation?.lastWroteAtMs === undefined) throw sendErrors.noMatchingUser();
  checkReaches(world, id);
  if (world.state.threads.of(id).isBlocked) throw sendErrors.blockedByPerson();
  checkThreadOwner(world, id, conversation.lastWroteAtMs, appId);
  return conversation;
}

/**
 * One message a comment, within seven days; under a live video while it is broadcast.
 * https://developers.facebook.com/documentation/instagram-platform/private-replies
 */
function commenter(commentId: string, world: World): Destination {
  const comment = world.comments.find(commentId);
  if (!comment || comment.privateReplyMid !== undefined) throw sendErrors.commentUnusable();
  const isOpen = comment.live?.isBroadcasting ?? world.clock.nowMs() - comment.atMs <= privateReplyMs;
  if (!isOpen) throw sendErrors.commentUnusable();
  checkReaches(world, comment.from.id);
  countPrivateReply(world, comment.live !== undefined);
  return { customer: comment.from, sent: (mid) => world.comments.answered(comment, mid) };
}
