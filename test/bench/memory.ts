/**
 * Memory: the heap of each function that runs often, after 10,000 invocations and after 50,000, each in a process of its
 * own with its real handler (`invoke-often.ts`). So that it takes seconds, services are answered at their clients' edge:
 * DynamoDB from memory (what is read there was read from the table once), SQS, SNS and Meta by a constant.
 *
 *   npm run bench -- --only memory
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startBenchGateway } from './bench-gateway.ts';
import { storeFewConversations } from './few-conversations.ts';
import { bounded, type Figure, progress, report, short } from './figures.ts';
import { functionDefinitions } from './function-definitions.ts';
import type { Heaps } from './invoke-often.ts';

const functions = ['receive-webhook', 'store-events', 'get-messages', 'list-conversations', 'send-message'];
const invocations = 50_000;
const earlyInvocations = 10_000;
/** In percent: what a heap of some twenty megabytes may swing by between two collections. */
const mostGrowth = 10;

const gateway = await startBenchGateway();
await storeFewConversations(gateway);
const definitions = await functionDefinitions(gateway, {});
const figures: Figure[] = [];
for (const name of functions) {
  progress(name);
  const startedAtMs = performance.now();
  const { earlyBytes, lateBytes } = await heapsOf(name);
  const seconds = (performance.now() - startedAtMs) / 1000;
  figures.push(
    bounded(
      `${name}: heap more after ${count(invocations)} invocations than after ${count(earlyInvocations)}`,
      (lateBytes / earlyBytes - 1) * 100,
      { most: mostGrowth },
      '%',
      `${short(lateBytes / 1e6)} / ${short(earlyBytes / 1e6)} MB, in ${short(seconds)} s`,
    ),
  );
}
progress('');
await gateway.stop();
report(figures);

async function heapsOf(name: string): Promise<Heaps> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--expose-gc',
      ...process.execArgv,
      join(import.meta.dirname, 'invoke-often.ts'),
      ...[name, earlyInvocations, invocations].map(String),
    ],
    {
      env: {
        ...process.env,
        ...definitions.get(name)?.variables,
        AWS_LAMBDA_FUNCTION_NAME: name,
        BENCH_API_KEY: gateway.apiKey,
      },
    },
  );
  return JSON.parse(stdout) as Heaps;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}
