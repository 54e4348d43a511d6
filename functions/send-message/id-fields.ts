import * as z from 'zod/mini';

/** An id of a person, a comment or a post: no username, and no number, which loses digits. */
export const idField = (where: string) =>
  z
    .string({
      error: ({ input }) =>
        input === undefined
          ? '{field} is required.'
          : '{field} must be a string: put the id in quotes, as a number it loses digits.',
    })
    .check(
      z.regex(/^[A-Za-z0-9_-]{1,64}$/, {
        error: `{field} must be an id of up to 64 letters and digits, ${where}.`,
      }),
    );

export const recipientId = idField('as GET /api/conversations shows it, not a username');

/** A `mid`. Meta's have up to about 170 characters. */
export const messageIdField = (what: string) =>
  z
    .string({
      error: ({ input }) =>
        input === undefined ? '{field} is required.' : `{field} must be a string: ${what}.`,
    })
    .check(
      z.minLength(1, { error: `{field} is empty: give ${what}.` }),
      z.maxLength(512, { error: '{field} is longer than any message id.' }),
    );
