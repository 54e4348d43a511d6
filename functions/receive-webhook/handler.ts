import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { objectName } from '../../shared/account/notice.ts';
import { type HttpAnswer, success } from '../../shared/runtime/http/answers.ts';
import { rawBody, rawText } from '../../shared/runtime/http/parse-request.ts';
import { publicHandler } from '../../shared/runtime/http/public-handler.ts';
import { tellOfRequest } from '../../shared/runtime/http/request-line.ts';
import { log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { answerHandshake } from './answer-handshake.ts';
import { enqueue } from './enqueue.ts';
import { readDelivery } from './read-delivery.ts';
import { reportNotice } from './report-notice.ts';
import { verifyDelivery } from './verify-delivery.ts';

export const handler = publicHandler(async (event) =>
  event.requestContext.http.method === 'GET' ? answerHandshake(event) : receive(event),
);

/** Verify the raw bytes, read the envelope, queue each event; 200 only once every one is in the queue. */
async function receive(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
  const body = rawBody(event);
  const { requestId: deliveryId, timeEpoch: receivedAtMs } = event.requestContext;
  const signature = event.headers['x-hub-signature-256'];
  const { secretPlace } = await verifyDelivery(body, { signature, receivedAtMs });
  const envelope = readDelivery(rawText(event, body), deliveryId);
  if (envelope.kind === 'foreign') {
    const counted = measured({ [metricNames.foreignObjects]: 1 });
    log.warn('not an Instagram delivery', { delivery_id: deliveryId, ...counted });
    await reportNotice({
      notice: 'foreign_object',
      at: receivedAtMs,
      object: objectName(envelope.object),
    });
    return success({ events: 0 });
  }
  await enqueue(envelope.items, { id: deliveryId, receivedAtMs, secretPlace });
  tellOfRequest('delivery queued', {
    delivery_id: deliveryId,
    events: envelope.items.length,
    bytes: body.length,
    secret: secretPlace,
    ...measured({
      [metricNames.eventsQueued]: envelope.items.length,
      [metricNames.signatureFailures]: 0,
      [metricNames.foreignObjects]: 0,
    }),
  });
  return success({ events: envelope.items.length });
}
