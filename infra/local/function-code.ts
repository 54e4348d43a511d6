import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Copies a function's folder to a name made of its content, and gives that: a build that rewrites or removes
 * the original does not reach an environment that starts meanwhile, and an equal path means equal code.
 */
export function keepCode(source: string, name: string, into: string): string {
  const folder = join(into, `${name}-${contentHash([source], source).slice(0, 16)}`);
  if (!existsSync(folder)) cpSync(source, folder, { recursive: true });
  return folder;
}

/** SHA-256 over names and contents of all files in these folders or files, relative to `root`. */
export function contentHash(paths: readonly string[], root: string): string {
  const hash = createHash('sha256');
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory() ? globSync('**/*', { cwd: path }).map((file) => join(path, file)) : [path],
  );
  for (const file of files.toSorted()) {
    if (statSync(file).isFile())
      hash
        .update(`${file.slice(root.length)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.digest('hex');
}
