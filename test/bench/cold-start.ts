/**
 * Cold starts: from the spawn of a function's process to its first answer, of the real bundle under AWS's own runtime
 * client, beside a handler that makes the same calls by the same SDK clients and does nothing else, and beside an empty
 * handler. All take turns, so that what else the machine does is shared.
 *
 *   npm run bench -- --only cold-start
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FunctionName, functionNames } from '../../functions/routes.ts';
import { type FunctionDefinition, FunctionEnvironment } from '../../infra/local/function-environment.ts';
import { InvocationError } from '../../infra/local/invocation-error.ts';
import { bundleBaseline } from './baseline-function.ts';
import { bundleParts } from './bundle-parts.ts';
import { bounded, type Figure, median, progress, ratio, report, short } from './figures.ts';
import { firstEventOf, messageToAnswer, toAnswer, toDeliver } from './first-events.ts';
import { startIdleFunctions } from './idle-functions.ts';

const rounds = 15;
/** One empty handler for all functions: it is measured the more often. */
const emptyStartsARound = 3;
const mostOfSameCalls = 1.15;
const mostOfEmpty = (name: string) => (name === 'receive-webhook' ? 2 : 2.6);
const maxKilobytes = (name: string) => (name === 'receive-webhook' ? 300 : 500);
/** Meta allows two reads of conversations a second, and the calls alone are made without waiting for a turn. */
const readPauseMs = 1_100;
const partsTold = 10;

/** What is measured of one function. */
interface Subject {
  readonly name: FunctionName;
  readonly ours: FunctionDefinition;
  readonly sameCalls: FunctionDefinition;
  readonly calls: number;
  readonly readsMeta: boolean;
  readonly took: { readonly ours: number[]; readonly sameCalls: number[] };
}

const idle = await startIdleFunctions();
const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
const emptyFolder = join(folder, 'empty');
mkdirSync(emptyFolder);
writeFileSync(join(emptyFolder, 'index.mjs'), 'export const handler = async () => ({ statusCode: 200 });\n');
let readAtMs = 0;
const unanswered: string[] = [];

// What a function's first call ever finds, the next ones find changed.
for (const name of functionNames) {
  progress(`${name} for the first time`);
  await startOurs(definitionOf(idle.plain, name), name, true);
}
const subjects: Subject[] = [];
for (const name of functionNames) {
  progress(`the calls of ${name}`);
  subjects.push(await subjectOf(name));
}
const empty: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  for (const { name, ours, sameCalls, readsMeta, took } of subjects) {
    progress(`round ${round} of ${rounds}: ${name}`);
    took.ours.push(...(await startOurs(ours, name, readsMeta)));
    if (readsMeta) await turnAtMeta();
    took.sameCalls.push(...(await start(sameCalls, name)));
    if (readsMeta) readAtMs = performance.now();
  }
  for (let turn = 0; turn < emptyStartsARound; turn += 1) {
    empty.push(...(await start({ ...definitionOf(idle.plain, 'inbox'), folder: emptyFolder }, 'inbox')));
  }
}
progress('');
await idle.stop();
const figures: Figure[] = [];
for (const subject of subjects) figures.push(...(await figuresOf(subject)));
rmSync(folder, { recursive: true, force: true });
figures.push(bounded('starts without an answer', unanswered.length, { most: 0 }, '', unanswered.join(', ')));
report(figures);

async function subjectOf(name: FunctionName): Promise<Subject> {
  const ours = definitionOf(idle.plain, name);
  await startOurs(definitionOf(idle.recorded, name), name, true);
  const calls = idle.takeCalls();
  return {
    name,
    ours,
    sameCalls: { ...ours, folder: await bundleBaseline(folder, name, calls) },
    calls: calls.length,
    readsMeta: calls.some(({ to, method }) => (to === 'graph' || to === 'quietGraph') && method === 'GET'),
    took: { ours: [], sameCalls: [] },
  };
}

async function figuresOf({ name, ours, sameCalls, calls, took }: Subject): Promise<Figure[]> {
  const oursMs = median(took.ours);
  const kilobytes = (definition: FunctionDefinition) =>
    statSync(join(definition.folder, 'index.mjs')).size / 1000;
  const largest = (await bundleParts(name)).slice(0, partsTold);
  return [
    ...(calls > 0
      ? [
          ratio(
            `${name}: its first answer beside the same ${calls} calls alone`,
            oursMs,
            median(took.sameCalls),
            mostOfSameCalls,
          ),
        ]
      : []),
    ratio(`${name}: beside an empty handler`, oursMs, median(empty), mostOfEmpty(name)),
    bounded(
      `${name}: bundle`,
      kilobytes(ours),
      { most: maxKilobytes(name) },
      'KB',
      `${short(kilobytes(sameCalls))} KB of the SDK alone`,
    ),
    {
      what: `${name}: its ten largest parts`,
      measured: `${short(largest.reduce((sum, { bytes }) => sum + bytes, 0) / 1000)} KB`,
      beside: largest.map((part) => `${part.name} ${short(part.bytes / 1000)}`).join(', '),
    },
  ];
}

function definitionOf(
  definitions: ReadonlyMap<string, FunctionDefinition>,
  name: FunctionName,
): FunctionDefinition {
  const definition = definitions.get(name);
  if (!definition) throw new Error(`The stack has no function ${name}`);
  return definition;
}

/** With what is no part of the start: its turn at Meta, and the message that is answered. */
async function startOurs(
  definition: FunctionDefinition,
  name: FunctionName,
  readsMeta: boolean,
): Promise<number[]> {
  if (readsMeta) await turnAtMeta();
  const others = (other: FunctionName, event: unknown) =>
    start(definitionOf(idle.plain, other), other, event);
  if (name === 'auto-reply' || name === 'deliver-sends') {
    await others('store-events', messageToAnswer(name));
    if (name === 'deliver-sends') await others('auto-reply', toAnswer(name));
  }
  const took = await start(definition, name);
  // The next answer is the first in its line again.
  if (name === 'auto-reply') await others('deliver-sends', toDeliver(name));
  if (readsMeta) readAtMs = performance.now();
  return took;
}

async function turnAtMeta(): Promise<void> {
  await delay(Math.max(0, readAtMs + readPauseMs - performance.now()));
}

/** From the spawn to the answer, in ms; none where no answer came in the function's time, which is told. */
async function start(
  definition: FunctionDefinition,
  name: FunctionName,
  event: unknown = firstEventOf(name, idle.gateway.apiKey),
): Promise<number[]> {
  const payload = JSON.stringify(event);
  const startedAtMs = performance.now();
  const lines: string[] = [];
  const environment = new FunctionEnvironment(definition, (line) => lines.push(line));
  try {
    const answer = JSON.parse(await environment.invoke(payload)) as Answer | null;
    const tookMs = performance.now() - startedAtMs;
    const status = answer?.statusCode ?? 200;
    // Nothing is sent under the id that is asked for.
    const isRefused = status >= 400 && status !== 404;
    if (isRefused || (answer?.batchItemFailures ?? []).length > 0) {
      throw new Error(`${name} answered ${JSON.stringify(answer)}`);
    }
    return [tookMs];
  } catch (error) {
    if (error instanceof InvocationError && error.failure === 'timeout') {
      unanswered.push(name);
      return [];
    }
    throw new Error(`${name} gave no first answer:\n${lines.join('\n')}`, { cause: error });
  } finally {
    environment.stop();
  }
}

interface Answer {
  readonly statusCode?: number;
  readonly batchItemFailures?: readonly unknown[];
}
