declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    /** Folder of the LevelDB; in memory without it. */
    path?: string;
    createTableMs?: number;
  }
  export default function dynalite(options?: Options): Server;
}
