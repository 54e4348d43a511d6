import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { type FunctionName, functionNames } from '../functions/routes.ts';
import { buildPage } from './build-page.ts';

const root = resolve(import.meta.dirname, '..');
const buildFolder = resolve(root, '.build');
const bundlesFolder = resolve(buildFolder, 'functions');

/** The folder that ships as a function's code: `index.mjs`, which exports `handler`, and what it reads beside it. */
export function functionBundle(name: FunctionName, folder = bundlesFolder): string {
  return resolve(folder, name);
}

/**
 * Bundles every function into its folder. Equal sources give equal bytes, so that a deploy without a change
 * changes nothing, and a file is only touched when its bytes change: builds may run side by side, and a watcher
 * sees which function changed. Throws esbuild's `BuildFailure` when a source does not compile; the bundles of
 * before are then still there.
 */
export async function buildFunctions(folder = bundlesFolder): Promise<void> {
  const parts = await Promise.all([bundles(folder), apiDocument(folder), page(folder)]);
  const files = new Map(parts.flatMap((part) => [...part]));
  await removeOthers(folder, files);
  await Promise.all([...files].map(([path, contents]) => writeChanged(path, contents)));
}

type Files = Map<string, Uint8Array>;

/** The SDK imports it by a path of its own, which `alias` does not take. */
const withoutConfigFiles: Plugin = {
  name: 'without-config-files',
  setup(bundling) {
    bundling.onResolve({ filter: /\/loadSharedConfigFiles(\.js)?$/ }, () => ({
      path: resolve(root, 'shared/runtime/clients/lambda-config-files.ts'),
    }));
  },
};

/** How code is bundled for Lambda. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // The CommonJS entry points, which esbuild would prefer for node, cannot be tree-shaken.
  mainFields: ['module', 'main'],
  // What a Lambda never uses of the SDK, and would pay for at each cold start.
  alias: {
    '@aws-sdk/credential-provider-node': resolve(root, 'shared/runtime/clients/lambda-credentials.ts'),
    '@smithy/core/event-streams': resolve(root, 'shared/runtime/clients/lambda-event-streams.ts'),
    'node:process': resolve(root, 'shared/runtime/clients/lambda-process.ts'),
  },
  plugins: [withoutConfigFiles],
  minify: true,
  // Errors and log lines show class names.
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * One esbuild call for all, since a call each costs ten times as much. No metafile, no source maps: both hold
 * paths of this machine, and a map doubles what a cold start reads.
 */
async function bundles(folder: string): Promise<Files> {
  const { outputFiles } = await build({
    ...bundleOptions,
    entryPoints: functionNames.map((name) => ({ in: `functions/${name}/handler.ts`, out: `${name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    write: false,
  });
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]));
}

interface ApiDocumentModule {
  readonly openApiDocument: () => object;
}

/** The API's contract is generated here, so that the function that serves it carries no generator. */
async function apiDocument(folder: string): Promise<Files> {
  const source = resolve(root, 'functions/describe-api/document.ts');
  const { openApiDocument } = (await import(pathToFileURL(source).href)) as ApiDocumentModule;
  const contents = new TextEncoder().encode(JSON.stringify(openApiDocument()));
  return new Map([[join(functionBundle('describe-api', folder), 'openapi.json'), contents]]);
}

async function page(folder: string): Promise<Files> {
  const bundle = functionBundle('inbox', folder);
  return new Map([...(await buildPage())].map(([name, contents]) => [join(bundle, 'page', name), contents]));
}

/** What no source makes any more must not ship. */
async function removeOthers(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const present = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(present.filter((path) => !files.has(path)).map((path) => rm(path, { force: true })));
}

/** By a rename, so that a process that reads meanwhile gets the old bytes or the new ones, never a part. */
async function writeChanged(path: string, contents: Uint8Array): Promise<void> {
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(contents)) return;
  const draft = join(buildFolder, randomUUID());
  await writeFile(draft, contents);
  await mkdir(dirname(path), { recursive: true });
  await rename(draft, path);
}
