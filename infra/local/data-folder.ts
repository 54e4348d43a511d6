import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The folder for the data cannot be used; the message says which, why, and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** The folder that keeps everything this machine must not lose, held by one gateway at a time. */
export interface DataFolder {
  readonly path: string;
  /** The path of a folder or file inside. */
  in(...names: string[]): string;
  /** The content of a file inside, if it exists. */
  read(name: string): string | undefined;
  /** Replaces a file as a whole, readable by its owner alone. */
  write(name: string, content: string): void;
  remove(name: string): void;
  /** Lets the next gateway have the folder. */
  release(): void;
}

/** Throws DataFolderError when the folder cannot be written, or another gateway holds it. */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  try {
    // Messages are in there: nobody else on this machine shall read them.
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new DataFolderError(
      `The data folder ${path} cannot be written (${code(cause)}): make it writable, or choose another one with DATA_DIR=… npm run dev`,
      { cause },
    );
  }
  const pidFile = join(path, 'pid');
  const lock = new DatabaseSync(join(path, 'lock.sqlite'));
  try {
    // Held by the kernel for as long as this process lives, so that no lock is ever stale.
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new DataFolderError(
      `Another gateway (process ${readIfPresent(pidFile) ?? 'unknown'}) uses the data folder ${path}: stop it, or choose another folder with DATA_DIR=… npm run dev`,
      { cause },
    );
  }
  writeFileSync(pidFile, String(process.pid));

  const within = (...names: string[]) => join(path, ...names);
  return {
    path,
    in: within,
    read: (name) => readIfPresent(within(name)),
    write: (name, content) => writeWhole(within(name), content),
    remove: (name) => rmSync(within(name), { force: true }),
    release: () => {
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

/** Written beside and renamed, so that a kill leaves the old file or the new one. */
export function writeWhole(file: string, content: string): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content, { mode: 0o600, flush: true });
  renameSync(beside, file);
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (code(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function code(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
