/**
 * Memory: the heap of each function that runs often, after every 10,000 of 50,000 invocations, each in a process of its
 * own with its real handler (`invoke-often.ts`). The last is judged by the least, since what was freed once could hide what
 * is kept. So that it takes seconds, services are answered at their clients' edge: DynamoDB from memory (what is read there
 * was read from the table once), SQS, SNS and Meta by a constant.
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

const functions = ['receive-webhook', 'store-events', 'get-messages', 'list-conversations', 'send-message'];
const invocations = 50_000;
const eachInvocations = 10_000;
/** In percent: what a heap of some twenty megabytes may swing by between two collections. */
const mostGrowth = 10;

const gateway = await startBenchGateway();
await storeFewConversations(gateway);
const definitions = await functionDefinitions(gateway, {});
const figures: Figure[] = [];
for (const name of functions) {
  progress(name);
  const startedAtMs = performance.now();
  const heaps = await heapsOf(name);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const [first = 0] = heaps;
  const last = heaps.at(-1) ?? 0;
  figures.push(
    bounded(
      `${name}: heap more after ${count(invocations)} invocations than at its least from ${count(eachInvocations)} on`,
      (last / Math.min(...heaps) - 1) * 100,
      { most: mostGrowth },
      '%',
      `${megabytes(last)} MB, ${megabytes(first)} MB after ${count(eachInvocations)}; took ${short(seconds)} s`,
    ),
  );
}
progress('');
await gateway.stop();
report(figures);

/** In bytes. */
async function heapsOf(name: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--expose-gc',
      ...process.execArgv,
      join(import.meta.dirname, 'invoke-often.ts'),
      ...[name, eachInvocations, invocations].map(String),
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
  return JSON.parse(stdout) as number[];
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
