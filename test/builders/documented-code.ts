import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export interface CodeBlock {
  /** The file that it stands for, after the language. */
  readonly file: string;
  readonly code: string;
}

/** The blocks of TypeScript in a document that name a file. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = readFileSync(resolve(root, document), 'utf8');
  return [...text.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, file = '', code = '']) => ({
    file,
    code,
  }));
}

const isImport = (line: string) => line.startsWith('import ');

/** Statements of the stack, without imports and blank lines. */
export const stackLines = ({ code }: CodeBlock) =>
  code.split('\n').filter((line) => line.trim() !== '' && !isImport(line));

/**
 * A copy of the project as an owner would have it who followed the document: with its functions, their names and
 * their lines in the stack.
 */
export function projectWith(blocks: readonly CodeBlock[]): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'documented-'));
  for (const part of ['infra', 'functions', 'shared', 'cdk.json', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(path, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  const stack = 'infra/gateway-stack.ts';
  for (const { file, code } of blocks.filter((block) => block.file !== stack)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), code);
  }
  const names = blocks.flatMap(({ file }) => /^functions\/([^/]+)\/handler\.ts$/.exec(file)?.[1] ?? []);
  edit(join(path, 'functions/routes.ts'), /^ {2}'describe-api',\n\]/m, (end) =>
    [...names.map((name) => `  '${name}',\n`), end].join(''),
  );
  const ofStack = blocks.filter(({ file }) => file === stack);
  const imports = new Set(ofStack.flatMap(({ code }) => code.split('\n').filter(isImport)));
  edit(join(path, stack), /^import type \{ Construct \}/m, (line) => [...imports, line].join('\n'));
  // Each in a block of its own: two of them may use the same name.
  edit(join(path, stack), /^ *\/\/ Code of your own subscribes here.*\n/m, (place) =>
    [place, ...ofStack.map((block) => `{\n${stackLines(block).join('\n')}\n}\n`)].join(''),
  );
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function edit(file: string, place: RegExp, replace: (found: string) => string): void {
  const text = readFileSync(file, 'utf8');
  if (!place.test(text)) throw new Error(`${file} has no place for it: ${place.source}`);
  writeFileSync(file, text.replace(place, replace));
}
