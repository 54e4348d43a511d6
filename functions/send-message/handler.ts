import { json, success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { keyIdStart } from '../../shared/runtime/keys.ts';
import { log } from '../../shared/runtime/log.ts';
import { answerOf } from './answer-of.ts';
import { sendMessageRequest } from './request.ts';
import { submit } from './submit.ts';

/** Takes a message, sends it once, and says what became of it. */
export const handler = apiHandler(
  'send',
  { body: sendMessageRequest },
  async ({ body, apiKey, headers, requestId, remainingMs }) => {
    const row = await submit(body, {
      apiKey,
      idempotencyKey: headers['idempotency-key'],
      isAsync: /\brespond-async\b/i.test(headers.prefer ?? ''),
      startedAtMs: Date.now(),
      remainingMs: remainingMs(),
    });
    log.info('send', {
      request_id: requestId,
      key: keyIdStart(apiKey.id),
      send_id: row.sendId,
      state: row.state.name,
      parts: row.parts.length,
    });
    const { status, fields, headers: more } = answerOf(row);
    return status === 200 ? success(fields) : json(status, { success: true, ...fields }, more);
  },
);
