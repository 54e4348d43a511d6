/** `npm run bench`: the measurements, one after the other; each prints its figures and what they are measured against. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  'end-to-end',
  'reading',
  'growth',
  'send-message',
  'inbox',
  'simulator-webhooks',
] as const;

const help = `Measures: npm run bench -- [options]

  --only PART   this part alone: ${parts.join(', ')}
  --help        this text

A whole run writes docs/performance.md. Ends with 1 when a target is missed. Figures of a busy machine are not
worth much.`;

const root = resolve(import.meta.dirname, '../..');
const only = readOnly();
const startedAtMs = Date.now();
const results: PartResult[] = [];
for (const part of only ? [only] : parts) {
  console.log(`\n${part}`);
  const file = join(mkdtempSync(join(tmpdir(), 'bench-')), 'figures.jsonl');
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', './infra/on-node-24.mjs', resolve(import.meta.dirname, `${part}.ts`)],
    { cwd: root, stdio: 'inherit', env: { ...process.env, BENCH_FIGURES: file } },
  );
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  rmSync(dirname(file), { recursive: true });
  results.push({ part, isWhole: status === 0, figures: lines.map((line) => JSON.parse(line) as Figure) });
}
if (!only) {
  const document = resolve(root, 'docs/performance.md');
  writeFileSync(document, performanceDocument(results, Date.now() - startedAtMs));
  console.log('\nwritten: docs/performance.md');
}
process.exitCode = results.every(({ isWhole }) => isWhole) ? 0 : 1;

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
