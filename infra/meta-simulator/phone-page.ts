import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const folder = join(import.meta.dirname, 'page');

interface PageFile {
  readonly type: string;
  read(): Promise<string>;
}

/** Read at each request, so that a change shows with the next load. */
const files: Readonly<Record<string, PageFile>> = {
  '/': { type: 'text/html', read: () => readFile(join(folder, 'index.html'), 'utf8') },
  '/simulator/page.css': { type: 'text/css', read: () => readFile(join(folder, 'phone.css'), 'utf8') },
  '/simulator/page.js': { type: 'text/javascript', read: bundle },
};

/** Nothing inline runs, and no other site frames the page; a business may send pictures from anywhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: https: http://127.0.0.1:* http://localhost:*",
  "media-src 'self' https: http://127.0.0.1:* http://localhost:*",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface ServedFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

/** A file of the page, or undefined when this path is none. */
export async function pageFile(path: string): Promise<ServedFile | undefined> {
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (!file) return undefined;
  return {
    headers: {
      'content-type': `${file.type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    content: await file.read(),
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
