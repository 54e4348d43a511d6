import { isRecord } from '../runtime/json.ts';
import { isUploadId, linkToFetch } from './upload-store.ts';

type Message = Readonly<Record<string, unknown>>;

/**
 * A message as Graph takes it: an attachment that names an upload of ours gets the address under which Meta fetches
 * it. Done as the message is sent, since the address ends after minutes, and a send may wait for as long.
 */
export function withUploadLinks(message: Message, nowMs: number): Message {
  const { attachment, attachments } = message;
  return {
    ...message,
    ...(isRecord(attachment) && { attachment: linked(attachment, nowMs) }),
    ...(Array.isArray(attachments) && { attachments: attachments.map((each) => linked(each, nowMs)) }),
  };
}

function linked(attachment: unknown, nowMs: number): unknown {
  if (!isRecord(attachment) || !isRecord(attachment.payload)) return attachment;
  const { upload_id } = attachment.payload;
  if (typeof upload_id !== 'string' || !isUploadId(upload_id)) return attachment;
  return { ...attachment, payload: { url: linkToFetch(upload_id, nowMs) } };
}
