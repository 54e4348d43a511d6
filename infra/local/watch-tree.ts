import { type FSWatcher, globSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls `onChange` for whatever changes below a folder; gives what ends it. A watcher for each folder: Node's
 * recursive one loses a file on Linux once an editor has saved it by replacing it.
 */
export function watchTree(root: string, onChange: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const addNewFolders = () => {
    for (const folder of [root, ...globSync('**/', { cwd: root }).map((name) => join(root, name))]) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, () => {
        addNewFolders();
        onChange();
      });
      if (!watcher) continue;
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
    }
  };
  addNewFolders();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

/** `undefined` when the folder has gone meanwhile. */
function watchFolder(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(folder, onChange);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
