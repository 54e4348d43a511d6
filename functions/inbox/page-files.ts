import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

export interface PageFile {
  readonly type: string;
  readonly brotli: Buffer;
  readonly plain: Buffer;
  readonly etag: string;
}

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const read = new Map<string, PageFile>();

/** A file of the page by its name; `undefined` when there is none. */
export function pageFile(name: string): PageFile | undefined {
  const type = /^[\w-]+\.([a-z]+)$/.exec(name)?.[1];
  const contentType = type && types[type];
  if (!contentType) return undefined;
  const known = read.get(name);
  if (known) return known;
  const brotli = readIfThere(new URL(`./page/${name}.br`, import.meta.url));
  if (!brotli) return undefined;
  const etag = `"${createHash('sha256').update(brotli).digest('base64url').slice(0, 27)}"`;
  const file = { type: contentType, brotli, plain: brotliDecompressSync(brotli), etag };
  read.set(name, file);
  return file;
}

function readIfThere(file: URL): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
