import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { contentHash as jsonHash } from '../../shared/runtime/json.ts';
import type { ExtensionValues } from '../extension-settings.ts';
import { writeWhole } from './data-folder.ts';
import { contentHash } from './function-code.ts';
import { parseTemplate } from './template.ts';

const root = resolve(import.meta.dirname, '../..');
const inputs = ['infra', 'functions', 'shared', 'package-lock.json', 'cdk.json'];
const lockTimeoutMs = 120_000;

/** The app could not be synthesised; the message is its own output. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * The path of the app's template, with the functions built beside it. Synthesised only when a source changed. Settings
 * that change the template have a folder of their own for it, so that gateways with others can run beside each other.
 * Throws SynthesisError.
 */
export async function synthesise(extensions: ExtensionValues = {}): Promise<string> {
  const output = outputOf(extensions);
  const stamp = `${output}.inputs`;
  mkdirSync(dirname(output), { recursive: true });
  // Two gateways that start together would build over each other. The kernel drops the lock with the process.
  const lock = new DatabaseSync(join(root, '.build/synthesis.lock'), { timeout: lockTimeoutMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const hash = contentHash(
      inputs.map((input) => join(root, input)),
      root,
    );
    const previous =
      existsSync(stamp) && readFileSync(stamp, 'utf8') === hash ? currentTemplate(output) : undefined;
    if (previous) return previous;
    await runApp(output, extensions);
    const template = currentTemplate(output);
    if (!template) throw new SynthesisError(`The CDK app made no template in ${output}`);
    writeWhole(stamp, hash);
    return template;
  } finally {
    lock.close();
  }
}

function outputOf(extensions: ExtensionValues): string {
  const base = join(root, '.build/cdk.out.local');
  return Object.keys(extensions).length === 0 ? base : `${base}-${jsonHash(extensions)}`;
}

async function runApp(output: string, extensions: ExtensionValues): Promise<void> {
  const app = join(root, 'infra/app.ts');
  try {
    await promisify(execFile)(process.execPath, [app], {
      cwd: root,
      // Nothing else of the owner's environment: the template would differ from the one that is remembered.
      env: {
        ...extensions,
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        CDK_OUTDIR: output,
        // The checks of the template are those of a deploy and of the tests; here they would cost two seconds.
        CDK_VALIDATION: 'false',
        CDK_CONTEXT_JSON: JSON.stringify({
          // The functions run from where they are built.
          'aws:cdk:disable-asset-staging': true,
          'aws:cdk:enable-asset-metadata': true,
        }),
      },
    });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new SynthesisError(`The CDK app could not be synthesised:\n${stderr || String(cause)}`, { cause });
  }
}

/** The template of the last synthesis, while all code that it names is still there. */
function currentTemplate(output: string): string | undefined {
  const [name] = globSync('*.template.json', { cwd: output });
  if (!name) return undefined;
  const file = join(output, name);
  const { Resources } = parseTemplate(readFileSync(file, 'utf8'));
  const isBuilt = Object.values(Resources).every(({ Metadata }) => {
    const code = Metadata['aws:asset:path'];
    return typeof code !== 'string' || existsSync(join(code, 'index.mjs'));
  });
  return isBuilt ? file : undefined;
}
