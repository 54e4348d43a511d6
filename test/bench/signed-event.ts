import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { toHttpEvent } from '../../infra/local/http-event.ts';
import { metaBytes, sign } from '../builders/webhook.ts';
import { app } from './bench-gateway.ts';

/** A delivery of Meta's as the webhook's function gets it. */
export function signedEvent(payload: unknown): APIGatewayProxyEventV2 {
  const body = typeof payload === 'string' ? payload : metaBytes(payload);
  const headers = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'x-hub-signature-256': sign(body, app.secret),
  };
  return toHttpEvent(
    {
      method: 'POST',
      target: '/api/webhook',
      httpVersion: '1.1',
      headers,
      rawHeaders: Object.entries(headers).flat(),
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      atMs: Date.now(),
    },
    'POST /api/webhook',
    {},
  );
}
