import * as z from 'zod/mini';
import type { Place } from '../../conversations/conversation-reader.ts';
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

export const cursorParameter = z.optional(z.string().check(z.maxLength(2048)));

/** A page of a list that can be followed both ways: `cursor` for what is older, `newer_than` for what is newer. */
export const pageParameters = { cursor: cursorParameter, newer_than: cursorParameter };

/** The place in a list to continue from, opaque to callers. */
export function toCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

const timelinePattern = /^\d{13}#/;
/** What the table takes as a sort key; no cursor of ours is longer. */
const maxKeyBytes = 1024;

/** @throws HttpError 400 when it is not one that such a list gave. */
export function fromCursor(cursor: string | undefined, pattern = timelinePattern): string | undefined {
  if (cursor === undefined) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  const key = bytes.toString('utf8');
  if (bytes.length <= maxKeyBytes && pattern.test(key) && toCursor(key) === cursor) return key;
  throw invalidCursor();
}

export function invalidCursor(): HttpError {
  return new HttpError(
    400,
    'invalid_cursor',
    'This cursor is not one that this list gave: start again without it.',
  );
}

/** @throws HttpError 400 for both at once, or for what is no cursor. */
export function placeOf({ cursor, newer_than: newer }: { cursor?: string; newer_than?: string }): Place {
  const [before, after] = [fromCursor(cursor), fromCursor(newer)];
  if (before !== undefined && after !== undefined) {
    throw new HttpError(400, 'invalid_request', 'Give cursor for older or newer_than for newer, not both.');
  }
  if (after !== undefined) return { after };
  return before === undefined ? {} : { before };
}

interface Placed<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/**
 * The cursors of a page: `cursor` for the older page, absent on the last; `newer_cursor` for what is newer than
 * this page, now or later; `has_newer` when some of it is there already.
 */
export function cursorsOf<T>({ items, next }: Placed<T>, place: Place, keyOf: (item: T) => string) {
  const [newest, oldest] = [items[0], items.at(-1)];
  const newer = newest === undefined ? ('after' in place ? place.after : undefined) : keyOf(newest);
  const older = 'after' in place ? oldest && keyOf(oldest) : next;
  return {
    ...(older !== undefined && { cursor: toCursor(older) }),
    ...(newer !== undefined && { newer_cursor: toCursor(newer) }),
    ...('after' in place && next !== undefined && { has_newer: true as const }),
  };
}
