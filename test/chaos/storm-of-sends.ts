import { setTimeout as delay } from 'node:timers/promises';
import type { FaultName, FaultSetting } from '../../infra/meta-simulator/faults.ts';
import { type Random, seededRandom } from '../../infra/meta-simulator/random.ts';
import { functionProcesses, kill } from '../builders/function-processes.ts';
import { jsonBody, type TestGateway } from '../builders/gateway.ts';

/** What goes wrong at Meta while messages are sent. */
const metaFaults: Partial<Record<FaultName, FaultSetting>> = {
  send_times_out: { probability: 0.02, value: 400 },
  send_is_lost: { probability: 0.02, value: 200 },
  send_answers_500: { probability: 0.03 },
  send_answers_1357046: { probability: 0.01 },
  account_rate_limited: { probability: 0.001 },
  echo_before_answer: { probability: 0.2 },
  no_echo: { probability: 0.03 },
  echo_with_another_mid: { probability: 0.04 },
  delayed_delivery: { probability: 0.05, value: 4000 },
  duplicate_delivery: { probability: 0.05 },
  reordered_deliveries: { probability: 0.05 },
};

/** The functions that take part in a send, and are killed in the midst of it. */
const killed = ['send-message', 'deliver-sends', 'store-events', 'receive-webhook'];

/** What everybody writes: a text alone does not tell one send from another. */
const texts = ['Thanks!', 'Thanks!', 'Thanks!', 'Yes', 'We ship tomorrow.'];

/** One send as its caller sees it. */
export interface Send {
  readonly n: number;
  readonly key: string;
  readonly customerId: string;
  readonly isAsync: boolean;
  /** Two at the same moment, as a double click makes them. */
  readonly isDouble: boolean;
  readonly text: string;
  /** The last answer to each of its callers. */
  readonly answers: Answer[];
}

export interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly sendId?: string;
  readonly messageId?: string;
}

export interface StormOptions {
  readonly seed: string;
  readonly sends: number;
  readonly threads: number;
  readonly callers: number;
  /** Then no further send is begun. */
  readonly longestMs: number;
  /** On average. */
  readonly killEveryMs: number;
  readonly onProgress: (line: string) => void;
}

export interface Storm {
  readonly sends: readonly Send[];
  /** The ids of what the owner typed on the phone. */
  readonly typed: ReadonlySet<string>;
  readonly kills: Readonly<Record<string, number>>;
  readonly requests: number;
}

/** A customer who never wrote: Meta refuses for good. */
const stranger = '990000000000001';

/**
 * Sends, in a few threads and mostly the same texts, while Meta is at its worst, functions are killed and the owner
 * types the same texts on the phone. Each caller asks again with its key until it is told what became of the send.
 */
export async function sendInAStorm(gateway: TestGateway, options: StormOptions): Promise<Storm> {
  const { meta } = gateway;
  const random = seededRandom(options.seed, 'storm');
  const customers = Array.from({ length: options.threads }, (_, n) => `${500_000_000_000_000 + n}`);
  for (const [n, id] of customers.entries()) {
    meta.customers.add({ id, username: `person_${n}` });
    meta.customers.write(id, { text: 'Hello?' });
  }
  await meta.deliveries.settled();
  setFaults(gateway, metaFaults);

  const sends = Array.from({ length: options.sends }, (_, n): Send => {
    const isRefused = random.chance(0.005);
    return {
      n,
      key: `storm-${options.seed}-${n}`,
      customerId: isRefused ? stranger : pick(customers, random),
      isAsync: random.chance(0.3),
      isDouble: random.chance(0.1),
      text: mark(pick(texts, random), n),
      answers: [],
    };
  });
  const typed = new Set<string>();
  const kills: Record<string, number> = {};
  let requests = 0;
  const storm = new AbortController();
  const killing = killUntil(storm.signal, options.killEveryMs, kills, seededRandom(options.seed, 'kills'));
  const queue = sends.values();
  let done = 0;
  let reportedAtMs = Date.now();
  const untilMs = Date.now() + options.longestMs;

  const ask = async (send: Send): Promise<Answer> => {
    requests += 1;
    return askOnce(gateway, send);
  };
  const caller = async (): Promise<void> => {
    for (const send of queue) {
      if (Date.now() >= untilMs) return;
      if (random.chance(0.04) && send.customerId !== stranger) {
        typed.add(meta.owner.write(send.customerId, send.text.trimEnd()).id);
      }
      const twins = send.isDouble ? 2 : 1;
      const answers = await Promise.all(Array.from({ length: twins }, () => askUntilTold(send, ask)));
      send.answers.push(...answers);
      done += 1;
      if (Date.now() - reportedAtMs > 5_000) {
        reportedAtMs = Date.now();
        options.onProgress(
          `${done} of ${options.sends} sends answered, ${requests} requests, ${sum(kills)} kills`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: options.callers }, caller));
  storm.abort();
  await killing;
  setFaults(gateway, {});
  return { sends: sends.filter(({ answers }) => answers.length > 0), typed, kills, requests };
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);

function setFaults({ meta }: TestGateway, faults: Partial<Record<FaultName, FaultSetting>>): void {
  for (const name of Object.keys(metaFaults) as FaultName[]) {
    meta.world.faults.set(name, faults[name] ?? { probability: 0 });
  }
}

async function killUntil(
  signal: AbortSignal,
  killEveryMs: number,
  kills: Record<string, number>,
  random: Random,
): Promise<void> {
  while (!signal.aborted) {
    await delay(killEveryMs * (0.5 + random.next()), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const victims = functionProcesses([pick(killed, random)]);
    if (victims.length === 0) continue;
    const { pid, name } = pick(victims, random);
    if (kill(pid)) kills[name] = (kills[name] ?? 0) + 1;
  }
}

/** As a careful caller does: anything that leaves the outcome open is asked again. */
async function askUntilTold(send: Send, ask: (send: Send) => Promise<Answer>): Promise<Answer> {
  for (let waitMs = 300; ; waitMs = Math.min(2 * waitMs, 3_000)) {
    const answer = await ask(send);
    if (isFinal(answer)) return answer;
    await delay(waitMs);
  }
}

/** Sent, or the outcome is said to be unknown, or Meta refuses whatever one does. */
function isFinal({ status, code }: Answer): boolean {
  if (status === 200) return true;
  if (code === 'outcome_unknown' || code === 'meta_failed') return true;
  return status >= 400 && status < 500 && status !== 429;
}

async function askOnce(gateway: TestGateway, { customerId, text, key, isAsync }: Send): Promise<Answer> {
  const request = jsonBody({ recipient_id: customerId, message: text });
  const headers = {
    ...(request.headers as Record<string, string>),
    'idempotency-key': key,
    ...(isAsync && { prefer: 'respond-async' }),
  };
  try {
    const { status, body } = await gateway.api('/api/send-message', {
      ...request,
      headers,
      signal: AbortSignal.timeout(40_000),
    });
    const { send_id, data, code, details } = body as {
      send_id?: string;
      data?: { message_id?: string };
      code?: string;
      details?: { send_id?: string };
    };
    const sendId = send_id ?? details?.send_id;
    return {
      status,
      ...(code !== undefined && { code }),
      ...(sendId !== undefined && { sendId }),
      ...(data?.message_id !== undefined && { messageId: data.message_id }),
    };
  } catch {
    // The connection broke, or what answered was no JSON: the function was killed.
    return { status: 0 };
  }
}

function pick<T>(from: readonly T[], random: Random): T {
  const picked = from[random.below(from.length)];
  if (picked === undefined) throw new RangeError('Nothing to pick from');
  return picked;
}

/**
 * Which send a message is, written in the spaces and tabs behind its text. Nothing that compares texts sees it, so to
 * the gateway equal texts are equal; the record at Meta still tells them apart.
 */
export function mark(text: string, n: number): string {
  return `${text}${n.toString(2).replaceAll('1', '\t').replaceAll('0', ' ')}`;
}

/** The number of the send that made a message; undefined when the owner typed it. */
export function markOf(text: string): number | undefined {
  const marks = text.slice(text.trimEnd().length);
  return marks === '' ? undefined : Number.parseInt(marks.replaceAll('\t', '1').replaceAll(' ', '0'), 2);
}
