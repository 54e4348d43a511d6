import { log } from '../log.ts';

/** What the one line of a request says beside its route, status and duration. */
interface Told {
  readonly message: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

const plain: Told = { message: 'request', facts: {} };
let told = plain;

/** Before each request: a process serves one at a time. */
export function beginRequestLine(): void {
  told = plain;
}

/** What the line of this request is to say once it is answered, in place of a line of its own. */
export function tellOfRequest(message: string, facts: Readonly<Record<string, unknown>>): void {
  told = { message, facts };
}

/** Logs the line. */
export function endRequestLine(facts: Readonly<Record<string, unknown>>): void {
  log.info(told.message, { ...facts, ...told.facts });
}
