import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { newFolder } from './fixture.ts';

const root = resolve(import.meta.dirname, '../../..');

export interface CommandRun {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  readonly output: () => string;
}

/** Runs a command of the project in an empty folder, which has no `.env.local`, until the test ends. */
export function runScript(
  script: string,
  args: readonly string[],
  environment: Record<string, string>,
): CommandRun {
  const child = spawn(process.execPath, [resolve(root, script), ...args], {
    cwd: newFolder(),
    env: { PATH: process.env.PATH, ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, exit, output: () => output };
}
