import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const operate = resolve(import.meta.dirname, '../../../infra/operate');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run dev` says of itself in `gateway.json`. */
export function gatewayFile(url: string): string {
  return JSON.stringify({ url, tableName: 'table', endpoints: { dynamodb: 'http://127.0.0.1:1' } });
}

/** A folder that stands for a checkout: nothing of the real one's settings reaches the command. */
export class Checkout {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(files: Readonly<Record<string, string>> = {}): Promise<Checkout> {
    const checkout = new Checkout(await mkdtemp(join(tmpdir(), 'operate-')));
    for (const [name, content] of Object.entries(files)) await checkout.write(name, content);
    return checkout;
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.#folder, name), content);
  }

  /** `DATA_DIR` is the folder itself. */
  async run(
    script: string,
    args: readonly string[],
    { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Outcome> {
    const child = spawn(process.execPath, [join(operate, script), ...args], {
      cwd: this.#folder,
      env: { DATA_DIR: '.', ...env },
    });
    const ended = new Promise<number | null>((end) => child.once('close', end));
    child.stdin.end(input);
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    return { code, stdout, stderr };
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
