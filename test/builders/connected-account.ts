import { vi } from 'vitest';
import type { AccountSwitches } from '../../infra/meta-simulator/account-state.ts';
import { createClock, type MovableClock } from '../../infra/meta-simulator/clock.ts';
import { type Meta, type StartMetaOptions, startMeta } from '../../infra/meta-simulator/start-meta.ts';
import type { CheckInput } from '../../shared/account/check-account.ts';

export type Login = 'facebook' | 'instagram';

export const accountId = '17841400000000001';
export const metaApp = { id: '111000000000001', secret: 'secret-of-the-meta-app' } as const;
export const instagramApp = { id: '333000000000001', secret: 'secret-of-the-instagram-app' } as const;
const tokens = { facebook: 'EAAP-token-of-the-page', instagram: 'IGAA-token-of-the-account' } as const;
const callbackUrl = 'http://127.0.0.1:9/api/webhook';

export interface ConnectedAccount {
  readonly meta: Meta;
  readonly clock: MovableClock;
  /** For the check of an account with which nothing is wrong. */
  readonly input: CheckInput;
}

export interface AccountOptions extends Partial<StartMetaOptions> {
  readonly switches?: Partial<AccountSwitches>;
  /** When the check is made; default now. */
  readonly nowMs?: number;
}

/** An account at the simulated Meta, and a gateway that is connected to it as it should be. */
export async function connectedAccount(
  login: Login,
  { switches, nowMs = Date.now(), clock = createClock(), ...options }: AccountOptions = {},
): Promise<ConnectedAccount> {
  const meta = await startMeta({
    account: { id: accountId, username: 'shop', accessToken: tokens[login] },
    app: {
      id: metaApp.id,
      secret: metaApp.secret,
      instagramId: instagramApp.id,
      instagramSecret: instagramApp.secret,
      verifyToken: 'verify',
    },
    login,
    callbackUrl,
    clock,
    ...options,
  });
  if (switches) meta.world.state.set(switches);
  vi.stubEnv('GRAPH_API_BASE_URL', meta.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  const pairs = login === 'facebook' ? [metaApp] : [instagramApp, metaApp];
  return {
    meta,
    clock,
    input: {
      connection: {
        webhook: {
          apps: pairs.map(({ id, secret }) => ({ app_id: id, app_secret: secret })),
          verify_token: 'verify',
        },
        graph: { access_token: tokens[login], ig_user_id: accountId, login },
      },
      observed: {
        handshakeAtMs: nowMs - 3_600_000,
        handshakeChallenge: '482915370',
        deliveryAtMs: nowMs - 60_000,
        deliverySecretPlace: 0,
        storedAtMs: nowMs - 60_000,
      },
      queues: { waiting: 0, inFlight: 0, deadLetters: 0 },
      graphVersion: 'v25.0',
      nowMs,
    },
  };
}

/** A Meta, and a check, at another time than this machine's. */
export function atTime(startMs: number): AccountOptions {
  return {
    clock: createClock({ startMs }),
    faults: { skewed_date: { probability: 1, value: startMs - Date.now() } },
    nowMs: startMs,
  };
}

/** All that no report may hold. */
export function secretsOf(connected: ConnectedAccount | undefined): readonly string[] {
  const issued = connected?.meta.world.state.tokens.all().map(({ value }) => value) ?? [];
  return [metaApp.secret, instagramApp.secret, 'mistyped-secret', ...Object.values(tokens), ...issued];
}
