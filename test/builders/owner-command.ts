import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { credentials, type TestGateway } from './gateway.ts';

const root = resolve(import.meta.dirname, '../..');

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a command of the owner's for a gateway, as `npm run <script> -- <args>` does. */
export async function ownerCommand(
  gateway: TestGateway,
  script: string,
  ...args: readonly string[]
): Promise<CommandResult> {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [, ...words] = (scripts[script] ?? '').split(' ');
  const child = spawn(process.execPath, [...words, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...credentials, DATA_DIR: gateway.dataDir },
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { stdout, stderr, code };
}
