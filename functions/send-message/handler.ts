import { answerForGraphFailure } from '../../shared/instagram/graph-failure.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { log } from '../../shared/runtime/log.ts';
import { observeRefusal } from './observe-refusal.ts';
import { sendMessageRequest } from './request.ts';
import { sendText } from './send-text.ts';

export const handler = apiHandler('send', { body: sendMessageRequest }, async ({ body, requestId }) => {
  try {
    const data = await sendText(body);
    log.info('message sent', { request_id: requestId, text_bytes: Buffer.byteLength(body.message) });
    return success({ data });
  } catch (error) {
    throw answerForGraphFailure(error, await observeRefusal(error, body.recipient_id));
  }
});
