import { createHash } from 'node:crypto';

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON with sorted keys: equal values give equal bytes, whatever order their keys came in. A value nested by
 * the thousand, which nobody sends in good faith, keeps the order it has: sorting it would exhaust the stack.
 */
export function canonicalJson(value: unknown): string {
  try {
    return JSON.stringify(value, sortKeys) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return JSON.stringify(value) ?? 'null';
    throw error;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

/** A short content address: 22 characters of the SHA-256 of the value's canonical JSON. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 22);
}

/**
 * JSON for a queue. SQS refuses a message with a character that XML has not: U+FFFE and U+FFFF are left of them, since
 * JSON escapes control characters and lone surrogates itself. Pairs are escaped with them, since the emulated SQS takes
 * their halves for characters. Escaped, it is the same JSON.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function queueJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\ud800-\udfff\ufffe\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
}
