import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Its beginning, when it is long. */
  readonly body: string;
  /** Where a redirect points. */
  readonly location?: string;
}

export interface WebhookRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Real time: the receiver does not live by the simulated clock. */
  readonly deadlineMs: number;
}

/** The receiver did not answer in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const keptBodyLength = 4096;

/** Keeps connections to the receiver open between calls. */
export class WebhookConnections {
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;

  constructor(maxSockets: number) {
    this.#http = new HttpAgent({ keepAlive: true, maxSockets });
    this.#https = new HttpsAgent({ keepAlive: true, maxSockets });
  }

  /** Follows no redirect. Rejects with the network's error or NoAnswer. */
  call(request: WebhookRequest): Promise<WebhookAnswer> {
    return call(request, this.#http, this.#https);
  }

  /** Cuts what is on its way. */
  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

function call(
  { method, url, headers, body, deadlineMs }: WebhookRequest,
  http: HttpAgent,
  https: HttpsAgent,
): Promise<WebhookAnswer> {
  const target = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { method, headers: { ...headers, ...(body && { 'content-length': body.length }) } };
    const request =
      target.protocol === 'https:'
        ? httpsRequest(target, { ...options, agent: https })
        : httpRequest(target, { ...options, agent: http });
    const deadline = setTimeout(
      () => request.destroy(new NoAnswer(`No answer within ${deadlineMs} ms`)),
      deadlineMs,
    );
    request.once('close', () => clearTimeout(deadline));
    request.once('error', reject);
    request.once('response', (response) => read(response, resolve, reject));
    request.end(body);
  });
}

function read(
  response: IncomingMessage,
  resolve: (answer: WebhookAnswer) => void,
  reject: (error: Error) => void,
): void {
  const { statusCode = 0, headers } = response;
  let body = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    if (body.length < keptBodyLength) body += chunk;
  });
  response.once('error', reject);
  response.once('end', () =>
    resolve({
      status: statusCode,
      contentType: headers['content-type'] ?? '',
      body,
      ...(headers.location === undefined ? {} : { location: headers.location }),
    }),
  );
}
