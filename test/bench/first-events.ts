import { type FunctionName, routes } from '../../functions/routes.ts';
import { toHttpEvent } from '../../infra/local/http-event.ts';
import { eventRecord } from '../builders/queue-record.ts';
import { accountId, delivery, messageItem, metaBytes, sign } from '../builders/webhook.ts';
import { app } from './bench-gateway.ts';

const customer = '1234567890';
const conversation = `${accountId}.${customer}`;
const webhookBody = metaBytes(
  delivery(messageItem({ mid: 'm_first', text: 'Hej' }, { sender: { id: customer } })),
);

interface Asked {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the routes need beside a key. */
const asked: Partial<Record<FunctionName, Asked>> = {
  'receive-webhook': {
    body: webhookBody,
    headers: { 'x-hub-signature-256': sign(webhookBody, app.secret) },
  },
  'send-message': { body: JSON.stringify({ recipient_id: customer, message: 'Yes, we do.', force: true }) },
  'send-sender-action': { body: JSON.stringify({ recipient_id: customer, action: 'mark_seen' }) },
  'create-upload': { body: JSON.stringify({ content_type: 'image/png', size_bytes: 1000 }) },
  'get-send': { path: '/api/sends/00000000-0000-4000-8000-000000000000' },
  'list-messages': { path: `/api/conversations/${conversation}/messages` },
  'mark-read': {
    path: `/api/conversations/${conversation}/read`,
    body: JSON.stringify({ up_to: 'm_first' }),
  },
};

/** What calls a function for the first time: a request of its route, a batch of its queue, or its schedule. */
export function firstEventOf(name: string, apiKey: string): unknown {
  if (name === 'store-events') {
    return {
      Records: [eventRecord(messageItem({ mid: 'm_first', text: 'Hej' }, { sender: { id: customer } }))],
    };
  }
  const { path, body, headers } = asked[name as FunctionName] ?? {};
  const ofFunction = routes.filter((each) => each.function === name);
  const route =
    ofFunction.find(({ method }) => method === (body === undefined ? 'GET' : 'POST')) ?? ofFunction[0];
  if (!route) return {};
  const sent = {
    host: '127.0.0.1',
    authorization: `Bearer ${apiKey}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  };
  const target = path ?? route.path;
  return toHttpEvent(
    {
      method: route.method,
      target,
      httpVersion: '1.1',
      headers: sent,
      rawHeaders: Object.entries(sent).flat(),
      body: Buffer.from(body ?? ''),
      sourceIp: '127.0.0.1',
      atMs: Date.now(),
    },
    `${route.method} ${route.path}`,
    parametersOf(route.path, target),
  );
}

function parametersOf(template: string, target: string): Record<string, string> {
  const parts = target.split('/');
  return Object.fromEntries(
    template
      .split('/')
      .flatMap((part, place) =>
        part.startsWith('{') ? [[part.slice(1, -1), parts[place] ?? ''] as const] : [],
      ),
  );
}
