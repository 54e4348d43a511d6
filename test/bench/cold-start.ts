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
import { firstEventOf, messageOfNewcomer } from './first-events.ts';
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

const subjects: Subject[] = [];
for (const name of functionNames) {
  progress(`the calls of ${name}`);
  subjects.push(await subjectOf(name));
}
const empty: number[] = [];
for (let round = 1; round <= rounds; round += 1) {
  for (const kind of ['ours', 'sameCalls'] as const) {
    for (const subject of subjects) {
      progress(`round ${round} of ${rounds}: ${subject.name}`);
      await prepare(subject);
      subject.took[kind].push(...(await start(subject[kind], subject.name)));
      if (subject.readsMeta) readAtMs = performance.now();
    }
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

/** With the calls that it makes once it has been called before: a first one finds what the next ones find changed. */
async function subjectOf(name: FunctionName): Promise<Subject> {
  const ours = definitionOf(idle.plain, name);
  await prepare({ name, readsMeta: true });
  await start(ours, name);
  readAtMs = performance.now();
  await prepare({ name, readsMeta: true });
  await start(definitionOf(idle.recorded, name), name);
  readAtMs = performance.now();
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
      what: `${name}: the largest parts of it`,
      measured: `${largest.length} parts`,
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

/** What is no part of the start: its turn at Meta, and the message that is answered. */
async function prepare({ name, readsMeta }: Pick<Subject, 'name' | 'readsMeta'>): Promise<void> {
  if (readsMeta) await delay(Math.max(0, readAtMs + readPauseMs - performance.now()));
  if (name !== 'auto-reply') return;
  await start(definitionOf(idle.plain, 'store-events'), 'store-events', messageOfNewcomer());
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
