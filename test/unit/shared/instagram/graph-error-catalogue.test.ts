import { describe, expect, test } from 'vitest';
import {
  explainGraphError,
  graphErrorCatalogue,
} from '../../../../shared/instagram/graph-error-catalogue.ts';
import { graphWide, messaging, tokenSubcodes } from '../../../fixtures/errors/meta-error-tables.ts';

const listed = new Set(
  graphErrorCatalogue.map(({ code, subcode }) => (subcode === undefined ? `${code}` : `${code}/${subcode}`)),
);
/** Of the range 200 to 299, which Meta explains as one. */
const ofRange = ['201', '250', '299'];

describe.each([
  ['Graph-wide codes', graphWide],
  ['messaging codes', messaging],
  ['subcodes of 190', tokenSubcodes],
])('%s', (_, rows) => {
  const all = rows.flatMap(([rule, ...errors]) => errors.map((error) => [error, rule] as const));

  test.each(all)('%s has an entry, and is dealt with as: %s', (error, rule) => {
    expect(listed.has(error) || ofRange.includes(error)).toBe(true);
    const [code, subcode] = error.split('/').map(Number);
    const { name, retry, mayHaveArrived = false } = explainGraphError(code ?? 0, subcode);
    expect(name).not.toBe('meta_refused');
    expect({ mayHaveArrived, retry }).toEqual({
      mayHaveArrived: rule === 'may_have_arrived',
      retry: rule === 'may_have_arrived' || rule === 'never' ? undefined : rule,
    });
  });
});

test.each(graphErrorCatalogue)('$code/$subcode is complete', ({ name, cause, remedy, status, retry }) => {
  expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect(cause).toMatch(/\.$/);
  expect(remedy).toMatch(/\.$/);
  // Callers go by the status: 429 says come back, 502 that the owner has something to do.
  expect(retry === 'new_token' ? status : 502).toBe(502);
  expect(status === 429 ? retry : 'later').toBe('later');
});

test('what may have arrived is never tried again', () => {
  expect(graphErrorCatalogue.filter(({ mayHaveArrived, retry }) => mayHaveArrived && retry)).toEqual([]);
});

test('a code outside every range is not explained', () => {
  expect(explainGraphError(300, undefined).name).toBe('meta_refused');
});
