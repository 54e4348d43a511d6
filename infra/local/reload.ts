import { existsSync, statSync, watch } from 'node:fs';
import { relative } from 'node:path';
import type { WriteLine } from './function-environment.ts';
import { watchTree } from './watch-tree.ts';

export interface ReloadOptions {
  /** Folders whose changes are built and taken over. */
  readonly sources: readonly string[];
  /** Folders and files whose changes need a restart. */
  readonly restart: readonly string[];
  /** Builds all functions. Rejects with what the compiler says. */
  build(): Promise<void>;
}

const settleMs = 100;

/**
 * Watches the sources: builds after a change and then calls `apply`, which gives the names of the functions
 * that changed. A failed build is written down and changes nothing. Gives what ends the watching.
 */
export function watchSources(
  options: ReloadOptions,
  apply: () => readonly string[],
  writeLine: WriteLine,
): () => void {
  let settled: NodeJS.Timeout | undefined;
  let building = false;
  let again = false;

  const build = async () => {
    if (building) {
      again = true;
      return;
    }
    building = true;
    const startMs = Date.now();
    try {
      await options.build();
      const names = apply();
      if (names.length > 0) writeLine(`Reloaded ${names.join(', ')} (${Date.now() - startMs} ms)`);
    } catch (error) {
      writeLine(`Not reloaded: ${error instanceof Error ? error.message : String(error)}`);
    }
    building = false;
    if (again) {
      again = false;
      await build();
    }
  };

  const stops = [
    ...options.sources.map((path) =>
      watchTree(path, () => {
        clearTimeout(settled);
        settled = setTimeout(() => void build(), settleMs);
      }),
    ),
    ...options.restart.filter(existsSync).map((path) => {
      let told = false;
      const tell = () => {
        if (!told) writeLine(`${relative('.', path)} changed: restart to apply`);
        told = true;
      };
      if (statSync(path).isDirectory()) return watchTree(path, tell);
      const watcher = watch(path, tell);
      return () => watcher.close();
    }),
  ];
  return () => {
    clearTimeout(settled);
    for (const stop of stops) stop();
  };
}
