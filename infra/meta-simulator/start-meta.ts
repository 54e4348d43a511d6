import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conversations } from './conversations.ts';
import { deliveredMessages } from './delivered-messages.ts';
import { answerGraphCall, type GraphAnswer, refusal } from './graph-api.ts';
import { GraphError, type Login } from './graph-errors.ts';
import { readGraphRequest } from './graph-request.ts';
import { newChallenge, newMid } from './ids.ts';
import type { SentMessage } from './send-message.ts';
import { messagingDelivery } from './webhook-payloads.ts';
import { postWebhook, postWebhookWithRetries, verifyCallback } from './webhook-sender.ts';

export interface StartMetaOptions {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly account: {
    /** The professional account's id, `1784…`. */
    readonly id: string;
    readonly username: string;
    readonly accessToken: string;
  };
  readonly app: { readonly secret: string; readonly verifyToken: string };
  /** The gateway's webhook, path included. */
  readonly callbackUrl?: string;
  /** Default `facebook`. */
  readonly login?: Login;
}

export interface GraphCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
}

export interface Meta {
  readonly url: string;
  /** The newest calls that could be read, oldest first, without their tokens. */
  readonly calls: readonly GraphCall[];
  setCallbackUrl(url: string): void;
  /** Makes the handshake with the callback URL: whether it answered 200 and the challenge. */
  verifyCallback(): Promise<boolean>;
  /**
   * Keeps the messages of a payload as written and posts it, signed, once. Rejects when there is no callback
   * URL or nobody answers there.
   */
  deliver(payload: unknown): Promise<{ readonly status: number }>;
  stop(): Promise<void>;
}

/** A customer who wrote when the simulator started, so that a first send has somebody to reach. */
export const firstCustomer = { id: '123456789', username: 'ada', name: 'Ada' } as const;

const keptCalls = 1000;

/** A fake Meta on 127.0.0.1: the Graph API of one account, and the sender of its webhooks. */
export async function startMeta(options: StartMetaOptions): Promise<Meta> {
  const { account, app, login = 'facebook' } = options;
  const conversations = new Conversations(account.id);
  conversations.add(firstCustomer, {
    id: newMid(),
    sentAtMs: Date.now(),
    fromBusiness: false,
    text: 'Hello!',
  });

  const calls: GraphCall[] = [];
  const stopped = new AbortController();
  const echoes = new Set<Promise<void>>();
  let callbackUrl = options.callbackUrl;

  const server = createServer((incoming, response) => void answer(incoming, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answered = await answerCall(incoming);
      if (answered.sent) response.once('finish', echo.bind(undefined, answered.sent));
      respond(response, answered);
    } catch {
      // The caller hung up, or a fault of ours: either way there is nothing to say in Graph's terms.
      response.destroy();
    }
  }

  async function answerCall(incoming: IncomingMessage): Promise<GraphAnswer> {
    try {
      const request = await readGraphRequest(incoming);
      const answered = answerGraphCall(
        { account, accessToken: account.accessToken, login, conversations },
        request,
        url,
      );
      const { method, path, query, body } = request;
      calls.push({ method, path, query: Object.fromEntries(query), body, status: answered.status });
      if (calls.length > keptCalls) calls.shift();
      return answered;
    } catch (error) {
      if (error instanceof GraphError) return refusal(error, login);
      throw error;
    }
  }

  function respond(response: ServerResponse, { status, body }: GraphAnswer): void {
    const percent = Math.min(99, Math.floor(calls.length / 100));
    response.writeHead(status, {
      'content-type': 'application/json; charset=UTF-8',
      'x-app-usage': JSON.stringify({ call_count: percent, total_time: percent, total_cputime: percent }),
    });
    response.end(JSON.stringify(body));
  }

  function callback(): string {
    if (callbackUrl === undefined) throw new Error('The simulated Meta has no callback URL.');
    return callbackUrl;
  }

  function echo({ customer, message }: SentMessage): void {
    if (callbackUrl === undefined) return;
    const payload = messagingDelivery(account.id, {
      sender: { id: account.id },
      recipient: { id: customer.id },
      timestamp: message.sentAtMs,
      message: {
        mid: message.id,
        text: message.text,
        is_echo: true,
        ...(message.replyToMid === undefined ? {} : { reply_to: { mid: message.replyToMid } }),
      },
    });
    const posted = postWebhookWithRetries(callbackUrl, JSON.stringify(payload), app.secret, stopped.signal);
    echoes.add(posted);
    void posted.finally(() => echoes.delete(posted));
  }

  function keep(payload: unknown): void {
    for (const message of deliveredMessages(payload)) {
      if (message.isDeleted) {
        conversations.unsend(message.mid);
        continue;
      }
      const customerId = message.isEcho ? message.recipientId : message.senderId;
      conversations.add(
        { id: customerId, username: `customer_${customerId}` },
        {
          id: message.mid,
          sentAtMs: message.sentAtMs,
          fromBusiness: message.isEcho,
          ...(message.text === undefined ? {} : { text: message.text }),
          ...(message.replyToMid === undefined ? {} : { replyToMid: message.replyToMid }),
        },
      );
    }
  }

  return {
    url,
    calls,
    setCallbackUrl(newUrl) {
      callbackUrl = newUrl;
    },
    async verifyCallback() {
      const challenge = newChallenge();
      const { status, body } = await verifyCallback(callback(), app.verifyToken, challenge);
      return status === 200 && body === challenge;
    },
    async deliver(payload) {
      const url = callback();
      keep(payload);
      const { status } = await postWebhook(url, JSON.stringify(payload), app.secret, stopped.signal);
      return { status };
    },
    async stop() {
      stopped.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, ...echoes]);
    },
  };
}
