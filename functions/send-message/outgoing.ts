import { aliasStore } from '../../shared/conversations/alias-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import type { Addressee, OutgoingPart } from '../../shared/sending/send-row.ts';
import type { SendMessageRequest } from './request.ts';
import { textsOf } from './text-limit.ts';
import { type Login, wireAttachment } from './wire-attachment.ts';

/** Whom the request means, by the address that works: an alias of the customer is none. */
export async function addresseeOf(request: SendMessageRequest, accountId: AccountId): Promise<Addressee> {
  if (request.comment_id !== undefined) return { commentId: request.comment_id };
  const asked = { accountId, customerId: request.recipient_id as CustomerId };
  const { customerId } = await aliasStore(dynamodb(), required('TABLE_NAME')).canonicalOf(asked);
  return { customerId };
}

/**
 * The messages that Meta needs for the request, in order: the attachment before the text, so that the quick replies
 * under the text, which the next message hides, stay visible. The first one quotes the message replied to.
 */
export function partsOf(request: SendMessageRequest, login: Login): readonly OutgoingPart[] {
  const { message, split = false, comment_id, reply_to, tag } = request;
  const content = typeof message === 'string' ? { text: message } : message;
  const attachment = wireAttachment(content, login);
  const texts = textsOf(content.text, split).map(
    (text): OutgoingPart => ({ kind: 'text', message: { text } }),
  );
  const parts: readonly OutgoingPart[] = [
    ...(attachment
      ? [{ kind: content.video || content.audio ? 'media' : 'text', message: attachment } as const]
      : []),
    ...texts,
  ];
  return parts.map(
    (part, place): OutgoingPart => ({
      ...part,
      ...(comment_id !== undefined && { kind: 'private_reply' }),
      ...(place === 0 && reply_to !== undefined && { replyTo: reply_to as MessageId }),
      ...(tag !== undefined && { tag }),
      ...(place === parts.length - 1 && withQuickReplies(part, content.quick_replies, tag)),
    }),
  );
}

/** Meta shows quick replies with a messaging type, and the tag without one. MP §3.7, §3.10 */
function withQuickReplies(
  { message }: OutgoingPart,
  quickReplies: readonly unknown[] | undefined,
  tag: SendMessageRequest['tag'],
): Partial<OutgoingPart> {
  if (!quickReplies) return {};
  return {
    message: { ...message, quick_replies: quickReplies },
    ...(tag === undefined && { messagingType: 'RESPONSE' }),
  };
}
