import * as z from 'zod';
import { type Meta, type StartMetaOptions, startMeta } from '../../../infra/meta-simulator/start-meta.ts';

export const accountId = '17841400000000001';
export const accessToken = 'TOKEN_OF_THE_TEST';
export const appSecret = 'test_app_secret';

export function startTestMeta(options: Partial<StartMetaOptions> = {}): Promise<Meta> {
  return startMeta({
    account: { id: accountId, username: 'shop', accessToken },
    app: { secret: appSecret, verifyToken: 'right' },
    ...options,
  });
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

const json = z.record(z.string(), z.unknown());

/** A Graph call with the right token, unless the headers bring their own. */
export async function call(
  meta: Pick<Meta, 'url'>,
  path: string,
  body?: unknown,
  headers: Record<string, string> = { authorization: `Bearer ${accessToken}` },
): Promise<GraphAnswer> {
  const response = await fetch(`${meta.url}${path}`, {
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined
      ? {}
      : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: json.parse(await response.json()) };
}

/** A customer's message in the messaging envelope. */
export function written(
  customerId: string,
  mid: string,
  text: string,
  timestamp: number | string = Date.now(),
) {
  const event = {
    sender: { id: customerId },
    recipient: { id: accountId },
    timestamp,
    message: { mid, text },
  };
  return { object: 'instagram', entry: [{ id: accountId, time: 1760000000456, messaging: [event] }] };
}
