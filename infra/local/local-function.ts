import {
  type FunctionDefinition,
  FunctionEnvironment,
  maxPayloadBytes,
  type WriteLine,
} from './function-environment.ts';
import { InvocationError } from './invocation-error.ts';

/** Lambda starts as many as it needs, up to a thousand. */
const maxEnvironments = 4;

type Waiting = PromiseWithResolvers<FunctionEnvironment>;

/**
 * One function and its environments: an idle one takes an invocation, the newest first; when all are busy
 * another is started, up to four; then invocations wait.
 */
export class LocalFunction {
  #definition: FunctionDefinition;
  readonly #writeLine: WriteLine;
  readonly #environments = new Set<FunctionEnvironment>();
  #idle: FunctionEnvironment[] = [];
  #waiting: Waiting[] = [];
  #stopped = false;

  constructor(definition: FunctionDefinition, writeLine: WriteLine) {
    this.#definition = definition;
    this.#writeLine = writeLine;
  }

  get definition(): FunctionDefinition {
    return this.#definition;
  }

  /** The function's answer. Rejects with an InvocationError. */
  async invoke(event: unknown): Promise<unknown> {
    const payload = JSON.stringify(event);
    if (Buffer.byteLength(payload) > maxPayloadBytes) {
      throw new InvocationError('size', 'The request is larger than 6 MB');
    }
    const environment = await this.#acquire();
    try {
      return JSON.parse(await environment.invoke(payload));
    } finally {
      this.#release(environment);
    }
  }

  /** From now on invocations run the code in `folder`; those that run end on the old one. */
  replaceCode(folder: string): void {
    this.#definition = { ...this.#definition, folder };
    for (const environment of this.#idle.splice(0)) this.#discard(environment);
  }

  stop(): void {
    this.#stopped = true;
    for (const { reject } of this.#waiting.splice(0)) reject(stopped());
    for (const environment of this.#environments) this.#discard(environment);
  }

  async #acquire(): Promise<FunctionEnvironment> {
    if (this.#stopped) throw stopped();
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.alive) return idle;
      this.#discard(idle);
    }
    if (this.#environments.size < maxEnvironments) return this.#start();
    const waiting = Promise.withResolvers<FunctionEnvironment>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  #release(environment: FunctionEnvironment): void {
    if (environment.alive && environment.definition === this.#definition && !this.#stopped) {
      const waiting = this.#waiting.shift();
      if (waiting) waiting.resolve(environment);
      else this.#idle.push(environment);
      return;
    }
    this.#discard(environment);
    this.#startForWaiting();
  }

  async #start(): Promise<FunctionEnvironment> {
    const environment = new FunctionEnvironment(this.#definition, this.#writeLine);
    this.#environments.add(environment);
    try {
      await environment.ready;
      return environment;
    } catch (error) {
      this.#discard(environment);
      this.#startForWaiting();
      throw error;
    }
  }

  #startForWaiting(): void {
    const waiting = this.#waiting.shift();
    if (waiting) this.#start().then(waiting.resolve, waiting.reject);
  }

  #discard(environment: FunctionEnvironment): void {
    environment.stop();
    this.#environments.delete(environment);
  }
}

function stopped(): InvocationError {
  return new InvocationError('stopped', 'The gateway is being stopped');
}
