import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The path of a Node.js older than 24 on this machine, if there is one. */
export const olderNode: string | undefined = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']
  .map((folder) => join(folder, 'node'))
  .find((node) => {
    const { status, stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' });
    return status === 0 && Number(stdout.split('.')[0]) < 24;
  });
