import { invalidParameter } from './graph-errors.ts';
import { isRecord } from './graph-request.ts';
import type { Readings } from './readings.ts';
import { sendErrors } from './send-errors.ts';
import type { World } from './world.ts';

/** A person who wrote, or whoever left a comment. */
export type Recipient = { readonly id: string } | { readonly commentId: string };

/** Everything of a send that stands beside its message. */
export interface Envelope {
  readonly recipient: Recipient;
  readonly replyToMid: string | undefined;
  readonly isHumanAgent: boolean;
  /** The app that holds the thread from this message on. */
  readonly passTo: string | undefined;
  readonly metadata: string | undefined;
}

type Body = Readonly<Record<string, unknown>>;

const messagingTypes: readonly unknown[] = [undefined, 'RESPONSE', 'UPDATE', 'MESSAGE_TAG'];

/** Throws `GraphError`. */
export function parseEnvelope(body: Body, { login, readings }: World): Envelope {
  const recipient = parseRecipient(body.recipient);
  const replyToMid = parseReplyTo(body.reply_to);
  if (replyToMid !== undefined && login === 'instagram' && readings.replyToOnInstagramLogin === 'refused') {
    throw invalidParameter('Param reply_to is not supported');
  }
  return {
    recipient,
    replyToMid,
    isHumanAgent: parseTag(body, readings),
    passTo: parseThreadControl(body.thread_control),
    metadata: parseMetadata(body.message),
  };
}

export function parseRecipient(recipient: unknown): Recipient {
  if (!isRecord(recipient)) throw invalidParameter('The parameter recipient is required');
  const { id, comment_id: commentId } = recipient;
  if (id === undefined && typeof commentId === 'string' && commentId !== '') return { commentId };
  if (typeof id !== 'string' || id === '') {
    throw invalidParameter('Param recipient[id] must be a valid ID string (e.g., "123")');
  }
  return { id };
}

function parseReplyTo(replyTo: unknown): string | undefined {
  if (replyTo === undefined) return undefined;
  if (!isRecord(replyTo) || typeof replyTo.mid !== 'string' || replyTo.mid === '') {
    throw invalidParameter('Param reply_to[mid] must be a message id');
  }
  return replyTo.mid;
}

/**
 * Whether a person of the business answers. The other tags are refused since 2026-04-27.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/changelog
 */
function parseTag({ messaging_type: type, tag }: Body, { messageTagType }: Readings): boolean {
  if (!messagingTypes.includes(type)) throw invalidParameter('Param messaging_type is unknown');
  if (tag === undefined) {
    if (type === 'MESSAGE_TAG') throw invalidParameter('Param tag is required with MESSAGE_TAG');
    return false;
  }
  if (tag !== 'HUMAN_AGENT') throw invalidParameter('Param tag must be HUMAN_AGENT');
  const isTyped = type === 'MESSAGE_TAG';
  if ((messageTagType === 'required' && !isTyped) || (messageTagType === 'refused' && isTyped)) {
    throw invalidParameter(`Param messaging_type: MESSAGE_TAG is ${messageTagType} with HUMAN_AGENT`);
  }
  return true;
}

function parseThreadControl(control: unknown): string | undefined {
  if (control === undefined) return undefined;
  if (!isRecord(control) || control.control_type !== 'pass') {
    throw invalidParameter('Param thread_control[control_type] must be pass');
  }
  if (typeof control.app_id !== 'string' || !/^\d+$/.test(control.app_id)) throw sendErrors.wrongAppId();
  return control.app_id;
}

function parseMetadata(message: unknown): string | undefined {
  const metadata = isRecord(message) ? message.metadata : undefined;
  return typeof metadata === 'string' ? metadata : undefined;
}
