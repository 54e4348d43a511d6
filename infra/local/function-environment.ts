import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { InvocationError } from './invocation-error.ts';
import { close, listen } from './servers.ts';

export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, as Lambda names it. */
  readonly handler: string;
  /** The folder with the code. */
  readonly folder: string;
  readonly memoryMegabytes: number;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
}

export type WriteLine = (line: string) => void;

interface Invocation {
  readonly id: string;
  readonly payload: string;
  readonly resolve: (answer: string) => void;
  readonly reject: (error: InvocationError) => void;
}

/** Lambda's own limit, for requests and for answers. */
export const maxPayloadBytes = 6 * 1024 * 1024;

/** Lambda allows 10 s; here all functions may start at once, on a few cores. */
const initTimeoutMs = 30_000;

const runtimeClient = join(dirname(findPackageJSON('aws-lambda-ric', import.meta.url) ?? ''), 'index.mjs');
const rapidClient = join(import.meta.dirname, 'rapid-client.mjs');

/** What a function's process sees of ours, beside its own variables. */
const inherited = ['PATH', 'TZ', 'LANG', 'TMPDIR', 'NODE_EXTRA_CA_CERTS', 'NODE_V8_COVERAGE'];

/**
 * One process that runs one function under AWS's runtime client, one invocation at a time, and the Runtime
 * API that this client talks to.
 */
export class FunctionEnvironment {
  readonly definition: FunctionDefinition;
  /** Resolves once the code is loaded. Rejects with an InvocationError when it could not be. */
  readonly ready: Promise<void>;
  readonly #server: Server;
  readonly #writeLine: WriteLine;
  readonly #initialised = Promise.withResolvers<void>();
  #child: ChildProcessWithoutNullStreams | undefined;
  #invocation: Invocation | undefined;
  #delivered = false;
  #next: ServerResponse | undefined;
  #alive = true;

  constructor(definition: FunctionDefinition, writeLine: WriteLine) {
    this.definition = definition;
    this.#writeLine = writeLine;
    this.ready = this.#initialised.promise;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#start().catch((error: unknown) => this.#end(new InvocationError('init', String(error))));
  }

  /** Whether the process still runs. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The function's answer as JSON. Rejects with an InvocationError; a timeout ends the process. */
  async invoke(payload: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#invocation = { id: randomUUID(), payload, resolve, reject };
    const { timeoutMs } = this.definition;
    const timer = setTimeout(() => {
      this.#end(
        new InvocationError('timeout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`),
      );
    }, timeoutMs);
    this.#deliver();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#invocation = undefined;
      this.#delivered = false;
    }
  }

  /** Ends the process at once, and with it what it runs. */
  stop(): void {
    this.#end(new InvocationError('stopped', 'The gateway is being stopped'));
  }

  async #start(): Promise<void> {
    const port = await listen(this.#server);
    if (!this.#alive) return;
    const { folder } = this.definition;
    // The title is for whoever looks at the machine's processes.
    const title = `--title=${this.definition.name}`;
    const child = spawn(process.execPath, [title, '--import', rapidClient, runtimeClient], {
      cwd: folder,
      env: environmentOf(this.definition, port),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', this.#writeLine);
    }
    const timer = setTimeout(() => {
      this.#end(new InvocationError('init', `The function did not start within ${initTimeoutMs / 1000} s`));
    }, initTimeoutMs);
    void this.ready.catch(() => {}).finally(() => clearTimeout(timer));
    child.on('error', (error) => this.#end(new InvocationError('init', error.message)));
    child.on('exit', (code, signal) => {
      this.#end(
        new InvocationError('crash', `The function's process ended (${signal ?? `exit code ${code}`})`),
      );
    });
  }

  #end(error: InvocationError): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#child?.kill('SIGKILL');
    void close(this.#server);
    this.#initialised.reject(error);
    this.#invocation?.reject(error);
  }

  /** Hands the waiting invocation to the waiting process, when both are there. */
  #deliver(): void {
    const invocation = this.#invocation;
    const response = this.#next;
    if (!invocation || !response || this.#delivered) return;
    this.#next = undefined;
    this.#delivered = true;
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': invocation.id,
        'lambda-runtime-deadline-ms': String(Date.now() + this.definition.timeoutMs),
        'lambda-runtime-invoked-function-arn': this.definition.arn,
      })
      .end(invocation.payload);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (path.endsWith('/invocation/next')) {
      this.#next = response;
      this.#initialised.resolve();
      this.#deliver();
      return;
    }
    let body: string;
    try {
      body = await text(request);
    } catch {
      // The process ended while it answered; its exit says so.
      return;
    }
    const invocation = this.#invocation;
    if (path.endsWith('/init/error')) {
      this.#end(new InvocationError('init', messageOf(body)));
    } else if (invocation && path.endsWith(`/${invocation.id}/error`)) {
      invocation.reject(new InvocationError('handled', messageOf(body)));
    } else if (invocation && path.endsWith(`/${invocation.id}/response`)) {
      if (Buffer.byteLength(body) <= maxPayloadBytes) invocation.resolve(body);
      else invocation.reject(new InvocationError('size', 'The answer is larger than 6 MB'));
    }
    response.writeHead(202).end();
  }
}

function environmentOf(definition: FunctionDefinition, port: number): Record<string, string> {
  const ours = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(ours),
    ...definition.variables,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
    LAMBDA_TASK_ROOT: definition.folder,
    _HANDLER: definition.handler,
  };
}

/** `errorType: errorMessage` of the runtime client's report. */
function messageOf(body: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(body) as { errorType?: string; errorMessage?: string };
    return `${errorType}: ${errorMessage}`;
  } catch {
    return 'The function failed';
  }
}
