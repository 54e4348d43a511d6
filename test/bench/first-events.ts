import { createHmac } from 'node:crypto';
import { type FunctionName, routes } from '../../functions/routes.ts';
import { toHttpEvent } from '../../infra/local/http-event.ts';
import type { PublishedEvent } from '../../shared/conversations/published-event.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import type { Lookup } from '../../shared/reconcile/lookup.ts';
import { threadOf } from '../../shared/sending/send-row.ts';
import { toWakeUp } from '../../shared/sending/wake-up.ts';
import { eventRecord, queueRecord } from '../builders/queue-record.ts';
import { accountId, delivery, messageItem, metaBytes, sign } from '../builders/webhook.ts';
import { app } from './bench-gateway.ts';

/** Whom the routes are about. */
export const customer = '1234567890';
/** A message of theirs that Meta has and no webhook told of. */
export const unstored = { mid: '' };
/** Whom nobody but the auto-reply answers: it answers the one, and what answered the other is delivered. */
export const answeredBy = { 'auto-reply': '1234567891', 'deliver-sends': '1234567892' } as const;
export type Answering = keyof typeof answeredBy;
/** The auto-reply says a thing once an hour: each message has a rule of its own. */
export const keywords = JSON.stringify(
  Array.from({ length: 20 }, (_, place) => ({
    words: [`q${place + 1}`],
    reply: `Yes, we do (${place + 1}).`,
  })),
);
const messageId = `m_${customer}`;
const conversation = `${accountId}.${customer}`;

/** A customer's message as the consumer gets it, written now: the auto-reply answers no old one. */
function storedMessage(from: string, mid: string, text = 'Do you ship to Malmö?') {
  const item = messageItem({ mid, text }, { sender: { id: from }, timestamp: Date.now() });
  return { Records: [eventRecord(item, { receivedAtMs: Date.now() })] };
}

const written = { 'auto-reply': 0, 'deliver-sends': 0 };
const newestOf = (by: Answering) => `m_${answeredBy[by]}_${written[by]}`;

/** The next message that the auto-reply answers: each once. */
export function messageToAnswer(by: Answering) {
  written[by] += 1;
  return storedMessage(answeredBy[by], newestOf(by), `q${written[by]}?`);
}

/** The auto-reply's batch with it. */
export const toAnswer = (by: Answering) => published(answeredBy[by], newestOf(by));

/** Has the answer to it sent. */
export function toDeliver(by: Answering) {
  const thread = threadOf({
    accountId: accountId as AccountId,
    addressee: { customerId: answeredBy[by] as CustomerId },
  });
  return { Records: [queueRecord(JSON.stringify(toWakeUp(accountId as AccountId, thread)))] };
}

function lookupOfUnstored(): Lookup {
  return { v: 1, task: 'message', account_id: accountId, customer_id: customer, mid: unstored.mid };
}

const webhookBody = metaBytes(
  delivery(messageItem({ mid: 'm_first', text: 'Hej' }, { sender: { id: customer } })),
);

interface Asked {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the routes need beside a key. */
const asked: Partial<Record<FunctionName, () => Asked>> = {
  'receive-webhook': () => ({
    body: webhookBody,
    headers: { 'x-hub-signature-256': sign(webhookBody, app.secret) },
  }),
  'receive-signed-request': () => ({
    body: new URLSearchParams({ signed_request: deletionRequest() }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
  'send-message': () => ({
    body: JSON.stringify({ recipient_id: customer, message: 'Yes, we do.', force: true }),
  }),
  'send-sender-action': () => ({ body: JSON.stringify({ recipient_id: customer, action: 'mark_seen' }) }),
  'create-upload': () => ({ body: JSON.stringify({ content_type: 'image/png', size_bytes: 1000 }) }),
  'get-send': () => ({ path: '/api/sends/00000000-0000-4000-8000-000000000000' }),
  'list-messages': () => ({ path: `/api/conversations/${conversation}/messages` }),
  'mark-read': () => ({
    path: `/api/conversations/${conversation}/read`,
    body: JSON.stringify({ up_to: messageId }),
  }),
};

/** What calls the functions that have no route. The others of them run by a schedule. */
const delivered: Partial<Record<FunctionName, () => unknown>> = {
  'store-events': () => storedMessage(customer, messageId),
  reconcile: () => ({ Records: [queueRecord(JSON.stringify(lookupOfUnstored()))] }),
  'auto-reply': () => toAnswer('auto-reply'),
  'deliver-sends': () => toDeliver('deliver-sends'),
  'forward-events': () => published(customer, messageId),
};

/** What calls a function for the first time: a request of its route, a batch of its queue, or its schedule. */
export function firstEventOf(name: FunctionName, apiKey: string): unknown {
  const ofQueue = delivered[name];
  if (ofQueue) return ofQueue();
  const { path, body, headers } = asked[name]?.() ?? {};
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

function published(from: string, mid: string) {
  const event: PublishedEvent = {
    v: 1,
    type: 'message.received',
    id: `event_${mid}`,
    account_id: accountId,
    customer_id: from,
    conversation_id: `${accountId}.${from}`,
    message_id: mid,
    at: Date.now(),
    kind: 'text',
    text_bytes: 22,
    attachments: 0,
  };
  return { Records: [queueRecord(JSON.stringify(event))] };
}

let requests = 0;

/** Each of another user, so that each is told to the owner. */
function deletionRequest(): string {
  requests += 1;
  const payload = Buffer.from(
    JSON.stringify({ algorithm: 'HMAC-SHA256', user_id: `user_${requests}` }),
  ).toString('base64url');
  return `${createHmac('sha256', app.secret).update(payload).digest('base64url')}.${payload}`;
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
