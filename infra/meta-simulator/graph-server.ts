import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Silence, skewedDate } from './call-faults.ts';
import { answerGraphCall, type GraphAnswer, refusal } from './graph-api.ts';
import { GraphError, unknownError } from './graph-errors.ts';
import { readGraphRequest, withoutSecrets } from './graph-request.ts';
import type { SentMessage } from './send-message.ts';
import type { World } from './world.ts';

export interface GraphCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface GraphServer {
  readonly url: string;
  /** The newest calls that could be read, oldest first, without their tokens. */
  readonly calls: readonly GraphCall[];
  close(): Promise<void>;
}

/**
 * Told of each message that arrived: `before` the caller has an answer, which then waits for what this returns,
 * or `after` the answer was handed to the network or withheld.
 */
export type OnSent = (sent: SentMessage, moment: 'before' | 'after') => void | Promise<void>;

const keptCalls = 1000;

/** Answers a request that is not for Graph, and says so. */
type ServeOther = (incoming: IncomingMessage, response: ServerResponse) => boolean;

/** Serves Graph calls on 127.0.0.1, and beside them what `serveOther` takes. */
export async function serveGraphApi(
  port: number,
  world: World,
  onSent: OnSent,
  serveOther: ServeOther = () => false,
): Promise<GraphServer> {
  const calls: GraphCall[] = [];
  const server = createServer((incoming, response) => {
    if (!serveOther(incoming, response)) void serve(incoming, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await answerCall(incoming).catch((error: unknown) =>
      // A caller that hung up gets no answer; for all else Meta says this.
      refusal(error instanceof GraphError ? error : unknownError(), world),
    );
    const { sent } = answer;
    if (sent && world.faults.strikes('echo_before_answer')) await onSent(sent, 'before');
    else if (sent && answer.silence) void onSent(sent, 'after');
    else if (sent) response.once('finish', () => void onSent(sent, 'after'));
    if (!answer.silence) respond(response, answer);
    else hangUp(response, answer.silence);
  }

  async function answerCall(incoming: IncomingMessage): Promise<GraphAnswer> {
    const request = await readGraphRequest(incoming);
    const answer = await answerGraphCall(world, request, url);
    const { method, path, query, body } = request;
    calls.push({
      method,
      path,
      query: withoutSecrets(Object.fromEntries(query)),
      body: withoutSecrets(body),
      status: answer.status,
    });
    if (calls.length > keptCalls) calls.shift();
    return answer;
  }

  /** Unless it is said when, the connection stays open until the caller gives up. */
  function hangUp(response: ServerResponse, { hangUpAfterMs }: Silence): void {
    if (hangUpAfterMs === undefined) return;
    const timer = setTimeout(() => response.destroy(), hangUpAfterMs);
    response.once('close', () => clearTimeout(timer));
  }

  function respond(response: ServerResponse, { status, body, headers }: GraphAnswer): void {
    const date = skewedDate(world);
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      ...(date === undefined ? {} : { date }),
      ...headers,
    });
    response.end(JSON.stringify(body));
  }

  return {
    url,
    calls,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
