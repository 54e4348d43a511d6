import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { PublishedEvent } from '../../shared/conversations/published-event.ts';

export interface ReceivedPost {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly body: string;
  readonly event: PublishedEvent;
  /** What it was answered. */
  readonly status: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

export interface WebhookReceiver {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  /** Ids of the events that were taken, each as often as it was. */
  taken(): string[];
  /** Answers so from now on; `hang`: not at all. */
  answer(with_: Answer | 'hang' | ((post: number) => Answer)): void;
}

/** An endpoint of the owner's, until the test has finished. It takes everything until it is told otherwise. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const posts: ReceivedPost[] = [];
  let answer: Answer | 'hang' | ((post: number) => Answer) = { status: 204 };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (answer === 'hang') return;
      const { status, headers = {} } = typeof answer === 'function' ? answer(posts.length) : answer;
      const event = JSON.parse(body) as PublishedEvent;
      posts.push({ headers: request.headers, path: request.url ?? '', body, event, status });
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    posts,
    taken: () => posts.filter(({ status }) => status < 300).map(({ event }) => event.id),
    answer: (with_) => {
      answer = with_;
    },
  };
}
