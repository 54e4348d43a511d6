import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { onTestFinished } from 'vitest';
import { type Meta, type StartMetaOptions, startMeta } from '../../../infra/meta-simulator/start-meta.ts';

const operate = resolve(import.meta.dirname, '../../../infra/operate');

export const accountId = '17841400000000001';
export const metaApp = { id: '111000000000001', secret: 'META-app-secret-4f1c' } as const;
export const instagramApp = { id: '333000000000001', secret: 'INSTAGRAM-app-secret-a93b' } as const;
export const verifyToken = 'VERIFY-token-61de';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  readonly output: () => string;
}

export interface Shop {
  readonly meta: Meta;
  /** The folder with `.env.local` and, as DATA_DIR, what a gateway leaves. */
  readonly folder: string;
  /** The content of `.env.local`, parsed; undefined when there is none. */
  settings(): NodeJS.Dict<string> | undefined;
  write(name: string, text: string): void;
  start(args: readonly string[], env?: NodeJS.ProcessEnv): Running;
  connect(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>;
  doctor(): Promise<Ended>;
}

/** A simulated Meta and an empty folder to connect from; nothing of this machine's settings is in it. */
export async function openShop(options: Partial<StartMetaOptions> = {}): Promise<Shop> {
  const meta = await startMeta({
    account: { id: accountId, username: 'shop', accessToken: 'EAAP-lasting-token-of-the-shop-0d2e' },
    app: {
      ...metaApp,
      instagramId: instagramApp.id,
      instagramSecret: instagramApp.secret,
      verifyToken,
    },
    ...options,
  });
  const folder = mkdtempSync(join(tmpdir(), 'connect-'));
  onTestFinished(async () => {
    await meta.stop();
    rmSync(folder, { recursive: true });
  });
  const file = join(folder, '.env.local');

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, script = 'connect.ts'): Running {
    const child = spawn(process.execPath, [join(operate, script), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { DATA_DIR: '.', GRAPH_API_BASE_URL: meta.url, AWS_EC2_METADATA_DISABLED: 'true', ...env },
    });
    const printed = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text;
    });
    const ended = new Promise<Ended>((done) => {
      child.once('close', (code) => done({ code, ...printed }));
    });
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return { child, ended, output: () => printed.stdout + printed.stderr };
  }

  return {
    meta,
    folder,
    settings: () => (existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')) } : undefined),
    write: (name, text) => writeFileSync(join(folder, name), text),
    start,
    connect: (args, env) => start(args, env).ended,
    doctor: () => start([], {}, 'doctor.ts').ended,
  };
}

/** With Facebook login, and a User token as the Graph API Explorer gives it. */
export function facebookFlags(token: string): string[] {
  return ['--login', 'facebook', '--app-id', metaApp.id, '--app-secret', metaApp.secret, '--token', token];
}

export function instagramFlags(token: string): string[] {
  return [
    ...['--login', 'instagram', '--app-id', instagramApp.id],
    ...['--app-secret', instagramApp.secret, '--token', token],
  ];
}
