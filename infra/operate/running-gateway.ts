/**
 * What a command needs to speak to a gateway: its address, its key, and Meta's secrets. A flag wins, then the
 * environment, then `.env.local`, then what `npm run dev` left in the data folder.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import * as z from 'zod';
import { type SettingName, settings } from '../../shared/runtime/environment.ts';
import { CommandFailed, WrongUsage } from './command.ts';

/** Whom test deliveries are for when no account is configured: an id that no account has. */
const madeUpAccountId = '17841400000000001';

const gatewayFile = z.object({
  url: z.string(),
  tableName: z.string(),
  endpoints: z.object({
    dynamodb: z.string(),
    secretsManager: z.string().optional(),
    sqs: z.string().optional(),
  }),
  /** Their addresses, by logical id. */
  queues: z.record(z.string(), z.string()).optional(),
  /** The addresses of its buckets, by logical id. */
  buckets: z.record(z.string(), z.string()).optional(),
  /** By logical id. */
  secrets: z.record(z.string(), z.string()).optional(),
  simulatorUrl: z.string().optional(),
  /** Where its Graph calls go; absent: Meta's own host. */
  graphUrl: z.string().optional(),
});
export type RunningGateway = z.infer<typeof gatewayFile>;
const simulatorFile = z.object({
  ig_user_id: z.string(),
  app_secret: z.string(),
  verify_token: z.string(),
});

/** The gateway's address without a path. Throws `CommandFailed` when none is given and none runs here. */
export function gatewayUrl(given: string | undefined): string {
  const found = given ?? runningGateway('or name one with: --url https://…').url;
  if (!URL.canParse(found) || !/^https?:$/.test(new URL(found).protocol)) {
    throw new WrongUsage(`--url takes an address like http://127.0.0.1:3000, not "${found}".`);
  }
  return found.replace(/\/+$/, '').replace(/\/api\/webhook$/, '');
}

/** What `npm run dev` says of itself. Throws `CommandFailed`, with what else one may do, when it does not run. */
export function runningGateway(otherwise: string): RunningGateway {
  const running = findRunningGateway();
  if (running) return running;
  throw new CommandFailed(
    `No gateway is running on this machine (there is no ${dataFile('gateway.json')}).\nStart one with: npm run dev\n${otherwise}`,
  );
}

/** What `npm run dev` says of itself, when it runs in this folder; after a kill it may still say so. */
export function findRunningGateway(): RunningGateway | undefined {
  return readJson('gateway.json', gatewayFile);
}

/** The simulated Meta behind the gateway on this machine, if that is what stands in for Meta there. */
export function simulatorUrl(): string | undefined {
  return findRunningGateway()?.simulatorUrl;
}

export function apiKey(given: string | undefined): string {
  return found(
    given ?? setting('API_KEY') ?? readText('api-key')?.trim(),
    `No API key: give one with --key, in API_KEY, or run "npm run dev", which keeps its own in ${dataFile('api-key')}.`,
  );
}

/** The first of the secrets where several are configured. */
export function appSecret(given: string | undefined): string {
  return found(
    given ?? setting('APP_SECRET')?.split(',')[0]?.trim() ?? simulator()?.app_secret,
    'No app secret to sign with: give it with --app-secret or in APP_SECRET.',
  );
}

export function verifyToken(given: string | undefined): string {
  return found(
    given ?? setting('WEBHOOK_VERIFY_TOKEN') ?? simulator()?.verify_token,
    'No verify token: give it with --verify-token or in WEBHOOK_VERIFY_TOKEN.',
  );
}

export function accountId(given: string | undefined): string {
  return given ?? setting('IG_USER_ID') ?? simulator()?.ig_user_id ?? madeUpAccountId;
}

/** The path of a file that `npm run dev` keeps. */
export function dataFile(name: string): string {
  return join(setting('DATA_DIR') ?? settings.DATA_DIR.default, name);
}

/** Says why nobody answered, in plain words. */
export function unreachable(url: string, error: unknown): CommandFailed {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = z.object({ code: z.string() }).safeParse(cause).data?.code;
  const why = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new CommandFailed(
    `No gateway answers at ${url} (${why}).\nIs it running? Start one on this machine with: npm run dev`,
  );
}

function setting(name: SettingName): string | undefined {
  return process.env[name] || parseEnv(readFile('.env.local') ?? '')[name] || undefined;
}

function simulator(): z.infer<typeof simulatorFile> | undefined {
  return readJson('simulator.json', simulatorFile);
}

function found(value: string | undefined, otherwise: string): string {
  if (!value) throw new CommandFailed(otherwise);
  return value;
}

function readJson<Shape extends z.ZodType>(name: string, shape: Shape): z.infer<Shape> | undefined {
  const text = readText(name);
  if (text === undefined) return undefined;
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new CommandFailed(`${dataFile(name)} is damaged. Run "npm run dev" again, which writes it anew.`);
  }
}

function readText(name: string): string | undefined {
  return readFile(dataFile(name));
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new CommandFailed(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
