/** `npm run bench`: the measurements, one after the other; each prints its figures and what they are measured against. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './figures.ts';
import { type PartResult, performanceDocument } from './performance-document.ts';

/** Each is a program of its own in this folder. Its exit code says whether its targets were met. */
const parts = [
  'cold-start',
  'receive-webhook',
  'store-events',
  'costs',
  'operations',
  'end-to-end',
  'reading',
  'growth',
  'memory',
  'send-message',
  'inbox',
  'simulator-webhooks',
] as const;

const help = `Measures: npm run bench -- [options]

  --only PART   this part alone: ${parts.join(', ')}
  --help        this text

Writes docs/performance.md with the last figures of every part. Ends with 1 when a target is missed. Figures of a
busy machine are not worth much.`;

const root = resolve(import.meta.dirname, '../..');
const kept = resolve(root, '.build/bench');
mkdirSync(kept, { recursive: true });
const only = readOnly();
let isWhole = true;
for (const part of only ? [only] : parts) {
  const startedAtMs = Date.now();
  console.log(`\n${part}`);
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'figures.jsonl');
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', './infra/on-node-24.mjs', resolve(import.meta.dirname, `${part}.ts`)],
    { cwd: root, stdio: 'inherit', env: { ...process.env, BENCH_FIGURES: file } },
  );
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  rmSync(dirname(file), { recursive: true });
  isWhole &&= status === 0;
  const figures = lines.map((line) => JSON.parse(line) as Figure);
  const result: PartResult = { part, figures, atMs: startedAtMs };
  writeFileSync(join(kept, `${part}.json`), JSON.stringify(result));
}
const document = resolve(root, 'docs/performance.md');
writeFileSync(document, performanceDocument(parts.flatMap(resultOf)));
console.log('\nwritten: docs/performance.md');
process.exitCode = isWhole ? 0 : 1;

/** Of a part's last run. */
function resultOf(part: string): PartResult[] {
  const file = join(kept, `${part}.json`);
  return existsSync(file) ? [JSON.parse(readFileSync(file, 'utf8')) as PartResult] : [];
}

function readOnly(): (typeof parts)[number] | undefined {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(help);
      process.exit(0);
    }
    if (values.only === undefined) return undefined;
    const part = parts.find((each) => each === values.only);
    if (part) return part;
    throw new Error(`There is no part ${values.only}.`);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exit(2);
  }
}
