import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface CallbackServer {
  readonly url: string;
  /** The oldest delivery not yet taken; waits for one. */
  next(): Promise<Delivery>;
  /** Of all that arrived, in order. */
  bodies(): readonly string[];
  /** Statuses for the posts to come; 0 leaves one without an answer. */
  answerNext(...statuses: number[]): void;
  close(): Promise<void>;
}

/**
 * A webhook that answers with the given statuses in turn, 0 being no answer at all, and then with 200. GET
 * answers the challenge.
 */
export async function startCallbackServer(...statuses: number[]): Promise<CallbackServer> {
  const arrived: Delivery[] = [];
  const bodies: string[] = [];
  const waiting: ((delivery: Delivery) => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        const asked = new URL(request.url ?? '/', 'http://callback.invalid').searchParams;
        const isKnown = asked.get('hub.verify_token') === 'right' && asked.get('hub.mode') === 'subscribe';
        response.writeHead(isKnown ? 200 : 403).end(isKnown ? asked.get('hub.challenge') : '');
        return;
      }
      const delivery = { headers: request.headers, body: Buffer.concat(chunks) };
      bodies.push(delivery.body.toString('utf8'));
      const status = statuses.shift() ?? 200;
      if (status !== 0) response.writeHead(status).end();
      const taker = waiting.shift();
      if (taker) taker(delivery);
      else arrived.push(delivery);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/webhook`,
    next() {
      const delivery = arrived.shift();
      return delivery ? Promise.resolve(delivery) : new Promise((resolve) => waiting.push(resolve));
    },
    bodies: () => bodies,
    answerNext(...more) {
      statuses.splice(0, statuses.length, ...more);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
