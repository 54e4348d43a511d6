import { isRecord } from './graph-request.ts';
import { sendErrors } from './send-errors.ts';
import type { World } from './world.ts';

/**
 * A single image stands alone in Facebook login's samples, and in a list of one in Instagram login's. Throws
 * `GraphError` where each login takes its own form alone.
 */
export function checkSingleImage(message: unknown, { login, readings }: World): void {
  if (readings.singleImage === 'either' || !isRecord(message)) return;
  const { attachment, attachments } = message;
  const isOneInList = Array.isArray(attachments) && attachments.length === 1;
  const isAlone = isRecord(attachment) && attachment.type === 'image';
  if (login === 'facebook' ? isOneInList : isAlone) {
    throw sendErrors.invalidData(
      `A single image goes in ${login === 'facebook' ? 'attachment' : 'attachments'}.`,
    );
  }
}
