import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SettingValues } from '../../infra/local/configuration.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../infra/local/start-gateway.ts';
import { type Meta, startMeta } from '../../infra/meta-simulator/start-meta.ts';
import { canaries, logFolder } from './canaries.ts';
import { accountId, metaBytes, sign } from './webhook.ts';

export interface TestGateway extends Gateway {
  /** The stand-in for the Graph API. */
  readonly meta: Meta;
  readonly lines: readonly string[];
  /** Calls the API with the first key, or with the headers given. */
  api(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: ApiBody }>;
  /** Posts the payload's bytes, escaped and signed as Meta does. */
  deliver(payload: unknown, secret?: string): Promise<Response>;
}

/** The members that tests look at; absent ones are `undefined`. */
export interface ApiBody {
  readonly success?: boolean;
  readonly data?: never;
  readonly cursor?: string;
  readonly error?: string;
  readonly code?: string;
  readonly details?: Record<string, unknown>;
  readonly request_id?: string;
  readonly message?: string;
}

/** Writes every line of a gateway's console to the folder that test/logs reads. */
export function logFile(): (line: string) => void {
  mkdirSync(logFolder, { recursive: true });
  const file = fileURLToPath(new URL(`${randomUUID()}.log`, logFolder));
  return (line) => appendFileSync(file, `${line}\n`);
}

export function newDataFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'gateway-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** All credentials, so that Graph calls go to the stand-in and not to the simulator that the host would start. */
export const credentials: SettingValues = {
  PAGE_ACCESS_TOKEN: canaries.accessToken,
  IG_USER_ID: accountId,
  WEBHOOK_VERIFY_TOKEN: canaries.verifyToken,
  APP_SECRET: `${canaries.appSecret},${canaries.secondAppSecret}`,
};

/** The product's own stack on this machine, in an empty data folder, with a Graph stand-in. */
export async function startTestGateway(
  options: Omit<GatewayOptions, 'settings'> & {
    readonly settings?: SettingValues;
    readonly dataDir?: string;
  } = {},
): Promise<TestGateway> {
  const login = options.settings?.INSTAGRAM_LOGIN === 'instagram' ? 'instagram' : 'facebook';
  const meta = await startMeta({
    account: { id: accountId, username: 'shop', accessToken: canaries.accessToken },
    app: { secret: canaries.appSecret, verifyToken: canaries.verifyToken },
    login,
  });
  const folder = options.dataDir === undefined ? newDataFolder() : undefined;
  const lines: string[] = [];
  const write = logFile();
  const gateway = await startGateway({
    ...options,
    settings: {
      ...credentials,
      PORT: '0',
      DATA_DIR: options.dataDir ?? folder?.path ?? '',
      GRAPH_API_BASE_URL: meta.url,
      ...options.settings,
    },
    log: (line) => {
      lines.push(line);
      write(line);
    },
  });
  meta.setCallbackUrl(`${gateway.url}/api/webhook`);
  return {
    ...gateway,
    meta,
    lines,
    api: async (path, init = {}) => {
      const response = await fetch(`${gateway.url}${path}`, {
        ...init,
        headers: { authorization: `Bearer ${gateway.apiKey}`, ...(init.headers as Record<string, string>) },
      });
      return {
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as ApiBody,
      };
    },
    deliver: (payload, secret = canaries.appSecret) => {
      const body = typeof payload === 'string' ? payload : metaBytes(payload);
      return fetch(`${gateway.url}/api/webhook`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, secret) },
      });
    },
    stop: async () => {
      await gateway.stop();
      await meta.stop();
      folder?.remove();
    },
  };
}

/** A POST of JSON. */
export const jsonBody = (value: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

/** How many events the consumer has dealt with so far, second deliveries included. */
export function eventsStored({ lines }: Pick<TestGateway, 'lines'>): number {
  return lines
    .map((line) => /events stored \{"events":(\d+)/.exec(line)?.[1])
    .reduce((sum, events) => sum + Number(events ?? 0), 0);
}
