import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { unreachable } from './running-gateway.ts';

/** Longer than the gateway's own limit of 30 s, so that its answer is seen rather than our impatience. */
const answerTimeoutMs = 35_000;
const pollEveryMs = 250;

/** What the gateway answered is not what the journey needs. The message says what was seen. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

export interface GatewayAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export const conversationList = z.object({
  data: z.array(z.object({ id: z.string(), recipient_id: z.string() })),
});

export const messageList = z.object({
  data: z.array(z.object({ id: z.string(), direction: z.string(), text: z.string().optional() })),
});

export const seedMessageList = z.object({
  data: z.array(
    z.object({
      messages: z.object({ data: z.array(z.object({ id: z.string(), message: z.string().optional() })) }),
    }),
  ),
});

export const sendAnswer = z.object({
  success: z.literal(true),
  data: z.object({ recipient_id: z.string(), message_id: z.string().min(1) }),
});

/** What Meta's own refusal looks like behind the gateway. */
export const metaRefusal = z.object({
  error: z.string(),
  details: z.object({
    message: z.string(),
    type: z.string(),
    code: z.number(),
    error_subcode: z.number().optional(),
  }),
});

/** Calls a gateway with an API key. Throws `CommandFailed` when nobody answers. */
export class GatewayClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async get(path: string): Promise<GatewayAnswer> {
    return this.#call(path, { headers: { authorization: `Bearer ${this.#key}` } });
  }

  async post(path: string, body: unknown, withKey = true): Promise<GatewayAnswer> {
    return this.#call(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(withKey ? { authorization: `Bearer ${this.#key}` } : {}),
      },
      body: JSON.stringify(body),
    });
  }

  /** Reads a path again and again until `find` finds something in it. Any answer but 200 ends it at once. */
  async until<Shape extends z.ZodType, Found>(
    path: string,
    shape: Shape,
    waitMs: number,
    find: (answer: z.infer<Shape>) => Found | undefined,
  ): Promise<Found> {
    const deadlineMs = Date.now() + waitMs;
    for (;;) {
      const answer = await this.get(path);
      expectStatus(answer, 200);
      const found = find(parseAnswer(answer, shape));
      if (found !== undefined) return found;
      if (Date.now() >= deadlineMs) throw new StepFailed(`not in GET ${path} after ${waitMs / 1000} s`);
      await delay(pollEveryMs);
    }
  }

  async #call(path: string, init: RequestInit): Promise<GatewayAnswer> {
    try {
      const signal = AbortSignal.timeout(answerTimeoutMs);
      const response = await fetch(`${this.#url}${path}`, { ...init, redirect: 'manual', signal });
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        body: await response.text(),
      };
    } catch (error) {
      throw unreachable(this.#url, error);
    }
  }
}

export function expectStatus(answer: GatewayAnswer, status: number): void {
  if (answer.status !== status) {
    throw new StepFailed(`answered ${answer.status} instead of ${status}: ${shortened(answer.body)}`);
  }
}

/** The JSON body in its expected shape. Throws `StepFailed` naming what is missing. */
export function parseAnswer<Shape extends z.ZodType>(answer: GatewayAnswer, shape: Shape): z.infer<Shape> {
  let body: unknown;
  try {
    body = JSON.parse(answer.body);
  } catch {
    throw new StepFailed(`answered ${answer.status} with a body that is not JSON: ${shortened(answer.body)}`);
  }
  const parsed = shape.safeParse(body);
  if (!parsed.success) {
    throw new StepFailed(
      `answered in another shape: ${z.prettifyError(parsed.error)}: ${shortened(answer.body)}`,
    );
  }
  return parsed.data;
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
