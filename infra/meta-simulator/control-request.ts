import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';

/** A call of the control API is refused; the message tells the caller what to change. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Lets through what this machine's own page or a script asks. The control API signs deliveries, so no other
 * web site may reach it from the owner's browser: neither across origins nor by a name that resolves to
 * loopback. Throws ControlError 403.
 */
export function requireOwnCaller({ headers }: IncomingMessage): void {
  const { host = '', origin } = headers;
  const asked = URL.parse(`http://${host}`);
  if (!asked || !loopbackNames.has(asked.hostname)) {
    throw new ControlError(403, 'The simulator answers on 127.0.0.1 or localhost alone.');
  }
  if (origin !== undefined && origin !== asked.origin) {
    throw new ControlError(403, 'The simulator takes no calls from another origin.');
  }
}

/** Throws ControlError 413 above `maxBytes`. */
export async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to the end even when it is too long: leaving earlier would cut the connection before the answer.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (bytes > maxBytes) throw new ControlError(413, `This takes at most ${maxBytes} bytes, not ${bytes}.`);
  return Buffer.concat(chunks);
}

const maxJsonBytes = 1024 * 1024;

/** Throws ControlError 415 for another content type, 400 for what is no JSON. */
export async function readJson(
  incoming: IncomingMessage,
): Promise<{ readonly text: string; readonly value: unknown }> {
  const text = (await readBody(incoming, maxJsonBytes)).toString('utf8');
  const [type = ''] = (incoming.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ControlError(415, 'Send the body as application/json.');
  }
  try {
    return { text, value: JSON.parse(text) };
  } catch (error) {
    throw new ControlError(400, `The body is not valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** Throws ControlError 400 that names what is wrong, member by member. */
export async function readAs<Schema extends z.ZodType>(
  schema: Schema,
  incoming: IncomingMessage,
): Promise<z.output<Schema>> {
  const { value } = await readJson(incoming);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ControlError(400, z.prettifyError(parsed.error));
  return parsed.data;
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
