import * as z from 'zod/mini';
import { HttpError } from './http-error.ts';

/** A `limit` of the query: a whole number from 1 to `max`. */
export const limitParameter = (name: string, fallback: number, max: number) =>
  z._default(
    z
      .pipe(
        z.string().check(z.regex(/^\d{1,4}$/, { error: `${name} must be a whole number from 1 to ${max}.` })),
        z.coerce.number(),
      )
      .check(
        z.refine((value) => value >= 1 && value <= max, {
          error: `${name} must be a whole number from 1 to ${max}.`,
        }),
      ),
    fallback,
  );

export const cursorParameter = z.optional(z.string().check(z.maxLength(1024)));

/** The place in a list to continue from, opaque to callers. */
export function toCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** @throws HttpError 400 when it is not one of ours. */
export function fromCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^\d{13}#/.test(key) && toCursor(key) === cursor) return key;
  throw new HttpError(
    400,
    'invalid_cursor',
    'This cursor is not one that a list gave: start again without it.',
  );
}
