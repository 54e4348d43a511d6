import * as z from 'zod/mini';

/** What is wrong with one field of a request. */
export interface FieldFault {
  /** Its path, such as `message.images.3.url`; of the whole body, its name. */
  readonly field: string;
  readonly message: string;
  /** Where the value is too large: how large it may be, and how large it is, in the unit that `message` names. */
  readonly limit?: number;
  readonly size?: number;
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly errors?: readonly (readonly Issue[])[];
}

/**
 * Every fault of a request, by field. In a message `{field}` stands for the field's path, which a schema used in
 * several places does not know.
 * @param whole the name of what was parsed, for faults of no single field.
 */
export function faultsOf(error: { readonly issues: readonly unknown[] }, whole: string): FieldFault[] {
  return (error.issues as readonly Issue[])
    .flatMap((issue) => withinUnion(issue, []))
    .map(({ path, message, params }) => {
      const field = path.join('.') || whole;
      const { limit, size } = params ?? {};
      return {
        field,
        message: message.replaceAll('{field}', field),
        ...(typeof limit === 'number' && typeof size === 'number' && { limit, size }),
      };
    });
}

/** Of a value that may be of several types, the faults of the type that it has. */
function withinUnion(issue: Issue, above: readonly PropertyKey[]): Issue[] {
  const path = [...above, ...issue.path];
  const meant = issue.errors?.filter((faults) => !faults.some(isOfAnotherType)) ?? [];
  const [faults] = meant;
  return faults && meant.length === 1
    ? faults.flatMap((each) => withinUnion(each, path))
    : [{ ...issue, path }];
}

const isOfAnotherType = ({ code, path }: Issue) => code === 'invalid_type' && path.length === 0;

/** A check of a value's size against a limit, whose fault names both. */
export function atMost<T>(
  limit: number,
  sizeOf: (value: T) => number,
  message: (size: number, limit: number) => string,
) {
  return z.check<T>(({ value, issues }) => {
    const size = sizeOf(value);
    if (size <= limit) return;
    issues.push({
      code: 'custom',
      input: value,
      message: message(size, limit),
      params: { limit, size },
      continue: true,
    });
  });
}

/** Characters as people count them in a limit: an emoji of several code points counts as those. */
export const charactersOf = (text: string) => Array.from(text).length;

/** A text of at least one and at most so many characters. */
export const shortText = (limit: number) =>
  z.string({ error: typeError('a string') }).check(
    z.minLength(1, { error: '{field} is empty.' }),
    atMost(
      limit,
      charactersOf,
      (size) => `{field} has ${size} characters, and Instagram takes at most ${limit}.`,
    ),
  );

/** The message for a value that is absent or of another type. */
export const typeError =
  (type: string) =>
  ({ input }: { readonly input?: unknown }) =>
    input === undefined ? '{field} is required.' : `{field} must be ${type}.`;

/** The message for a value that is none of several kinds of objects, told apart by one member. */
export const kindError =
  (member: string, kinds: string) =>
  ({ code }: { readonly code?: string | undefined }) =>
    code === 'invalid_type' ? `{field} must be an object with ${member}.` : `{field} must be ${kinds}.`;

/** The message for a value that is no object, or one with members that it does not have. */
export const objectError =
  (members: string) =>
  ({ code, keys }: { readonly code?: string | undefined; readonly keys?: unknown }) =>
    code === 'unrecognized_keys'
      ? `{field} has unknown members: ${(keys as readonly string[]).join(', ')}. It takes ${members}.`
      : `{field} must be an object with ${members}.`;
