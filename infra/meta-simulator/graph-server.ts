import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGraphCall, type GraphAnswer, refusal } from './graph-api.ts';
import { GraphError } from './graph-errors.ts';
import { readGraphRequest } from './graph-request.ts';
import type { SentMessage } from './send-message.ts';
import type { World } from './world.ts';

export interface GraphCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface GraphServer {
  readonly url: string;
  /** The newest calls that could be read, oldest first, without their tokens. */
  readonly calls: readonly GraphCall[];
  close(): Promise<void>;
}

const keptCalls = 1000;

/** Answers a request that is not for Graph, and says so. */
type ServeOther = (incoming: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Serves Graph calls on 127.0.0.1, and beside them what `serveOther` takes. `onSent` runs after the answer to
 * a send was handed to the network.
 */
export async function serveGraphApi(
  port: number,
  world: World,
  onSent: (sent: SentMessage) => void,
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
    const answer = await answerCall(incoming).catch((error: unknown) => {
      if (error instanceof GraphError) return refusal(error, world);
      // A caller that hung up gets no answer; for all else Meta says this.
      return refusal(new GraphError('An unknown error has occurred.', 1, undefined, 500), world);
    });
    const { sent } = answer;
    if (sent) response.once('finish', () => onSent(sent));
    respond(response, answer);
  }

  async function answerCall(incoming: IncomingMessage): Promise<GraphAnswer> {
    const request = await readGraphRequest(incoming);
    const answer = answerGraphCall(world, request, url);
    const { method, path, query, body } = request;
    calls.push({ method, path, query: Object.fromEntries(query), body, status: answer.status });
    if (calls.length > keptCalls) calls.shift();
    return answer;
  }

  function respond(response: ServerResponse, { status, body }: GraphAnswer): void {
    const percent = Math.floor(calls.length / 100);
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      'x-app-usage': JSON.stringify({ call_count: percent, total_time: percent, total_cputime: percent }),
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
