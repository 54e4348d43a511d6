import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';

const compress = promisify(brotliCompress);
const source = resolve(import.meta.dirname, '../functions/inbox/page');

/**
 * Builds the inbox page: script and style sheet under names made of their content, and the document that names
 * them, each compressed once and for all. Throws esbuild's `BuildFailure` when a source does not compile.
 * @returns the files by their names, which end with `.br`.
 */
export async function buildPage(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [resolve(source, 'main.tsx')],
    outdir: source,
    entryNames: '[name]-[hash]',
    write: false,
    bundle: true,
    platform: 'browser',
    target: ['es2023', 'safari17'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const assets = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  let document = await readFile(resolve(source, 'index.html'), 'utf8');
  for (const name of assets.keys()) {
    const plain = `/assets/${name.replace(/-[0-9A-Z]+(?=\.\w+$)/, '')}`;
    if (!document.includes(plain)) throw new Error(`functions/inbox/page/index.html does not name ${plain}`);
    document = document.replace(plain, `/assets/${name}`);
  }
  const files = [...assets, ['index.html', Buffer.from(document)] as const];
  return new Map(
    await Promise.all(
      files.map(async ([name, contents]) => {
        const compressed = await compress(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        return [`${name}.br`, compressed] as const;
      }),
    ),
  );
}
