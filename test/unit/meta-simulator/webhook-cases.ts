import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createClock, type MovableClock } from '../../../infra/meta-simulator/clock.ts';
import type { HeldMessage, Person } from '../../../infra/meta-simulator/conversations.ts';
import { type Meta, type StartMetaOptions, startMeta } from '../../../infra/meta-simulator/start-meta.ts';
import { metaBytes } from '../../builders/webhook.ts';
import { type CallbackServer, startCallbackServer } from './callback-server.ts';
import { accessToken, accountId, appSecret } from './simulated-meta.ts';

/** The subjects of Meta's pages on webhooks: the endpoint's duties, then each field and its payload. */
export const subjects = [
  'verification request',
  'signature',
  'client certificate',
  'answer time',
  'retries, batches, order and disabling',
  'duplicate keys',
  'fields of each login',
  'envelopes',
  'who is who',
  'messages',
  'message_edit',
  'message_reactions',
  'messaging_postbacks',
  'messaging_seen',
  'messaging_referral',
  'messaging_optins',
  'messaging_handover and standby',
  'messaging_policy_enforcement and response_feedback',
  'comments, live_comments and mentions',
  'sizes',
] as const;

export type Subject = (typeof subjects)[number];
export type Case = readonly [subject: Subject, name: string, run: () => Promise<void>];

export const ada: Person = { id: '1234567890123456', username: 'ada' };
export const app = { id: '111', secret: appSecret, verifyToken: 'right' };

export interface Stage {
  readonly meta: Meta;
  readonly clock: MovableClock;
  readonly callback: CallbackServer;
}

export type Options = Partial<StartMetaOptions> & { readonly statuses?: number[]; readonly atMs?: number };

/** Runs a case against a Meta whose clock stands still and a webhook that takes everything. */
export async function onStage(options: Options, act: (stage: Stage) => unknown): Promise<void> {
  const { statuses = [], atMs = 1760000000123, ...rest } = options;
  const callback = await startCallbackServer(...statuses);
  const clock = createClock({ startMs: atMs });
  const meta = await startMeta({
    account: { id: accountId, username: 'acct', accessToken },
    app,
    callbackUrl: callback.url,
    clock,
    seed: 'conformance',
    ...rest,
  });
  meta.customers.add(ada);
  try {
    await act({ meta, clock, callback });
  } finally {
    await meta.stop();
    await callback.close();
  }
}

interface Item {
  readonly timestamp: number;
}

interface Fixture {
  readonly entry: readonly {
    time: number;
    readonly messaging?: readonly Item[];
    readonly standby?: readonly Item[];
  }[];
}

/** As parsed, so that its keys keep their order. */
export function fixture(name: string): Fixture {
  const file = join(import.meta.dirname, '../../fixtures/webhooks', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** When the fixture's first event happened, in ms. */
function happenedAtMs({ entry: [first] }: Fixture): number {
  const [item] = first?.messaging ?? first?.standby ?? [];
  return item?.timestamp ?? (first?.time ?? 0) * 1000;
}

/**
 * A case: after `act` at the fixture's time the newest delivery is the fixture, byte for byte. Delivered at
 * once, so that entries in ms are of the time of the event.
 */
export function tells(
  name: string,
  act: (stage: Stage) => unknown,
  options: Options = {},
  ids: Readonly<Record<string, string>> = {},
): () => Promise<void> {
  const expected = fixture(name);
  const atMs = happenedAtMs(expected);
  for (const entry of expected.entry) if (entry.messaging ?? entry.standby) entry.time = atMs;
  const text = Object.entries(ids).reduce(
    (json, [from, to]) => json.replaceAll(from, to),
    metaBytes(expected),
  );
  return () =>
    onStage({ atMs, ...options }, async (stage) => {
      await act(stage);
      await stage.meta.deliveries.settled();
      expect(stage.callback.bodies().at(-1)).toBe(text);
    });
}

/** A message that Meta holds and that nobody was told of. */
export function hold({ meta }: Pick<Stage, 'meta'>, message: Partial<HeldMessage> & { id: string }): void {
  meta.world.conversations.add(ada, { sentAtMs: 1759999999000, fromBusiness: false, ...message });
}

/** The message ids of a fixture, in order. */
export function midsOf(name: string): readonly [string, string] {
  const [first = '', second = ''] = JSON.stringify(fixture(name)).match(/aWdf\w+/g) ?? [];
  return [first, second];
}
