import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

export const secret = 'secret_of_the_fake';
export const verifyToken = 'token of the fake';
export const key = 'key_of_the_fake_gateway';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Message {
  readonly id: string;
  readonly text: string;
}

/** What a good gateway does, each replaceable by a bad one's way. */
export interface Behaviour {
  readonly health: () => Answer;
  readonly challenge: (asked: string) => Answer & { readonly type?: string };
  readonly isAccepted: (signature: string, expected: string) => boolean;
  readonly refusedWith: number;
  readonly store: (held: Message[], arrived: Message) => void;
  readonly inConversation: (held: readonly Message[]) => readonly Message[];
  readonly inGetMessages: (held: readonly Message[]) => readonly Message[];
  readonly send: (body: unknown) => Answer;
}

const good: Behaviour = {
  health: () => ({ status: 200, body: { status: 'ok' } }),
  challenge: (asked) => ({ status: 200, body: asked }),
  isAccepted: (signature, expected) => signature === expected,
  refusedWith: 401,
  store(held, arrived) {
    if (!held.some(({ id }) => id === arrived.id)) held.unshift(arrived);
  },
  inConversation: (held) => held,
  inGetMessages: (held) => held,
  send: () => ({
    status: 200,
    body: { success: true, data: { recipient_id: '12334', message_id: 'm_sent' } },
  }),
};

export interface FakeGateway {
  readonly url: string;
  /** Bodies as they came, of deliveries with the right signature. */
  readonly deliveries: readonly string[];
  readonly sends: readonly unknown[];
  close(): Promise<void>;
}

const event = z.object({
  sender: z.object({ id: z.string() }),
  message: z.object({ mid: z.string(), text: z.string() }),
});
const delivery = z.object({
  entry: z.tuple([
    z.object({
      messaging: z.tuple([event]).optional(),
      changes: z
        .tuple([z.object({ value: event.extend({ timestamp: z.string().regex(/^\d{10}$/) }) })])
        .optional(),
    }),
  ]),
});

export async function startFakeGateway(behaviour: Partial<Behaviour> = {}): Promise<FakeGateway> {
  const acts = { ...good, ...behaviour };
  const held: Message[] = [];
  const deliveries: string[] = [];
  const sends: unknown[] = [];

  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, type = 'application/json' }) => {
      response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/plain' : type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });

  async function answer(request: IncomingMessage): Promise<Answer & { type?: string }> {
    const url = new URL(request.url ?? '/', 'http://gateway.invalid');
    const route = `${request.method} ${url.pathname}`;
    const sent = await text(request);
    if (route === 'GET /api/health') return acts.health();
    if (route === 'GET /api/webhook') {
      const isKnown = url.searchParams.get('hub.verify_token') === verifyToken;
      return isKnown ? acts.challenge(url.searchParams.get('hub.challenge') ?? '') : refuse(403);
    }
    if (route === 'POST /api/webhook')
      return take(sent, String(request.headers['x-hub-signature-256'] ?? ''));
    if (request.headers.authorization !== `Bearer ${key}`) return refuse(401);
    if (route === 'GET /api/conversations') {
      const conversation = { id: 'c/1 2', recipient_id: '12334' };
      return { status: 200, body: { success: true, data: held.length > 0 ? [conversation] : [] } };
    }
    if (route === 'GET /api/conversations/c%2F1%202/messages') {
      const data = acts.inConversation(held).map((message) => ({ direction: 'in', ...message }));
      return { status: 200, body: { success: true, data } };
    }
    if (route === 'GET /api/get-messages') {
      const data = acts.inGetMessages(held).map(({ id, text: message }) => ({ id, message }));
      return { status: 200, body: { success: true, data: [{ id: 'c/1 2', messages: { data } }] } };
    }
    if (route === 'POST /api/send-message') {
      sends.push(JSON.parse(sent));
      return acts.send(sends.at(-1));
    }
    return refuse(404);
  }

  function take(sent: string, signature: string): Answer {
    const expected = `sha256=${createHmac('sha256', secret).update(sent).digest('hex')}`;
    if (!acts.isAccepted(signature, expected)) return refuse(acts.refusedWith);
    deliveries.push(sent);
    const parsed = delivery.safeParse(JSON.parse(sent));
    const [first] = parsed.data?.entry ?? [];
    const message = first?.messaging?.[0].message ?? first?.changes?.[0].value.message;
    if (message) acts.store(held, { id: message.mid, text: message.text });
    return { status: 200, body: { success: true } };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    sends,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(status: number): Answer {
  return { status, body: { error: 'No.', code: 'refused', details: {} } };
}
