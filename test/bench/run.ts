/** `npm run bench`: the measurements, one after the other; each prints its figures and what they are measured against. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Each is a program of its own in this folder. Its exit code says whether its targets were met. */
const parts = [
  'cold-start',
  'receive-webhook',
  'store-events',
  'end-to-end',
  'reading',
  'send-message',
  'inbox',
  'simulator-webhooks',
] as const;

const help = `Measures: npm run bench -- [options]

  --only PART   this part alone: ${parts.join(', ')}
  --help        this text

Ends with 1 when a target is missed. Figures of a busy machine are not worth much.`;

const only = readOnly();
let missed = 0;
for (const part of only ? [only] : parts) {
  console.log(`\n${part}`);
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--import', './infra/on-node-24.mjs', resolve(import.meta.dirname, `${part}.ts`)],
    { cwd: resolve(import.meta.dirname, '../..'), stdio: 'inherit' },
  );
  if (status !== 0) missed += 1;
}
process.exitCode = missed > 0 ? 1 : 0;

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
