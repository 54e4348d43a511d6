import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { type FunctionName, functionNames } from '../functions/routes.ts';

const root = resolve(import.meta.dirname, '..');

/** The folder that ships as a function's code: `index.mjs`, which exports `handler`, and what it reads beside it. */
export function functionBundle(name: FunctionName): string {
  return resolve(root, '.build/functions', name);
}

/**
 * Bundles every function in one esbuild call, since a call each costs ten times as much. Equal sources give
 * equal bytes, so that a deploy without a change changes nothing; hence no metafile, and no source maps, whose
 * paths would differ and whose size would double what a cold start reads.
 */
export async function buildFunctions(): Promise<void> {
  await rm(resolve(root, '.build/functions'), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({
      in: `functions/${name}/handler.ts`,
      out: `${name}/index`,
    })),
    outdir: '.build/functions',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The SDK's CommonJS entry points cannot be tree-shaken; esbuild would prefer them for node.
    mainFields: ['module', 'main'],
    minify: true,
    // Class names are told apart in logs and by powertools.
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  await writeOpenApiDocument();
}

interface DocumentModule {
  readonly openApiDocument: () => object;
}

/** The API's contract is generated here, so that the function that serves it carries no generator. */
async function writeOpenApiDocument(): Promise<void> {
  const source = resolve(root, 'functions/describe-api/document.ts');
  if (!existsSync(source)) return;
  const { openApiDocument } = (await import(pathToFileURL(source).href)) as DocumentModule;
  const file = resolve(functionBundle('describe-api'), 'openapi.json');
  await writeFile(file, `${JSON.stringify(openApiDocument())}\n`);
}
