import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { close, listen } from '../../infra/local/servers.ts';

/** A call that a function made on its way to an answer. */
export interface Call {
  /** As the service was named. */
  readonly to: string;
  /** At the service itself. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Recorder {
  /** The address of this service, as functions shall use it. */
  readonly addressOf: Readonly<Record<string, string>>;
  /** Takes what was called since the last time. */
  take(): Call[];
  stop(): Promise<void>;
}

/** Stands between functions and the services that they call, and writes down what goes through. */
export async function recordCalls(services: Readonly<Record<string, string>>): Promise<Recorder> {
  let calls: Call[] = [];
  const servers = await Promise.all(
    Object.entries(services).map(async ([to, target]) => {
      const pass = async (request: IncomingMessage, response: ServerResponse) => {
        const url = new URL(request.url ?? '/', target).href;
        const call = { to, url, ...(await read(request)) };
        calls.push(call);
        const { method, headers, body } = call;
        const answer = await fetch(url, {
          method,
          headers,
          ...(body.length > 0 && { body: new Uint8Array(body) }),
        });
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.end(Buffer.from(await answer.arrayBuffer()));
      };
      const server = createServer((request, response) => void pass(request, response));
      return { to, server, port: await listen(server) };
    }),
  );
  return {
    addressOf: Object.fromEntries(servers.map(({ to, port }) => [to, `http://127.0.0.1:${port}`])),
    take() {
      const taken = calls;
      calls = [];
      return taken;
    },
    async stop() {
      await Promise.all(servers.map(({ server }) => close(server)));
    },
  };
}

const ofTheConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect']);

async function read(request: IncomingMessage): Promise<Omit<Call, 'to' | 'url'>> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    ofTheConnection.has(name) || value === undefined ? [] : [[name, String(value)] as const],
  );
  return {
    method: request.method ?? 'GET',
    headers: Object.fromEntries(headers),
    body: await buffer(request),
  };
}
