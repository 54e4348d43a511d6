import { metricNames } from '../../shared/runtime/metrics.ts';
import type { RequestLine } from './http-api.ts';

/** `POST /api/webhook 200 12 ms` */
export function requestLine({ method, path, status, durationMs }: RequestLine): string {
  return `${method} ${printable(path)} ${status} ${durationMs} ms`;
}

/** Fields of a JSON log line that say nothing new on this console. */
const routine: ReadonlySet<string> = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'sampling_rate',
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
  'xray_trace_id',
  '_aws',
  ...Object.values(metricNames),
]);
/** What the line of a request that was answered has on this console already. */
const ofRequest = ['route', 'method', 'status', 'duration_ms'];

/**
 * A line of a function's output for people: `receive-webhook INFO stored {"events":1}`. Without the
 * metrics in it; `undefined` for the function's own line of a request, which has one here already.
 */
export function functionLine(name: string, line: string): string | undefined {
  const fields = parseObject(line);
  if (!fields) return line.trim() ? `${name} ${printable(withoutPrefix(line))}` : undefined;
  const { level, message } = fields;
  if (message === 'request') return undefined;
  const isKnown = (key: string) => routine.has(key) || ('route' in fields && ofRequest.includes(key));
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !isKnown(key)));
  const details = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${name} ${asText(level, 'INFO')} ${printable(asText(message, ''))}${details}`;
}

function asText(value: unknown, absent: string): string {
  if (value === undefined) return absent;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The runtime client writes time, request id and level, divided by tabs, before what `console.log` is given. */
function withoutPrefix(line: string): string {
  const [time = '', , level, ...message] = line.split('\t');
  return /^\d{4}-\d\d-\d\dT/.test(time) && level ? `${level} ${message.join('\t')}` : line;
}

/** Without control characters, which could rewrite the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
