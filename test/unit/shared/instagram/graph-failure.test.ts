import { describe, expect, test } from 'vitest';
import {
  explainGraphError,
  graphErrorCatalogue,
} from '../../../../shared/instagram/graph-error-catalogue.ts';
import {
  GraphError,
  GraphNoAnswerError,
  GraphNotReachedError,
} from '../../../../shared/instagram/graph-errors.ts';
import { answerForGraphFailure } from '../../../../shared/instagram/graph-failure.ts';

const refusal = (code: number, error_subcode?: number) =>
  new GraphError(400, {
    message: 'Meta says no',
    type: 'OAuthException',
    code,
    ...(error_subcode !== undefined && { error_subcode }),
    fbtrace_id: 'AbC',
  });

describe('answerForGraphFailure', () => {
  test.each([
    [10, 2534022, 400, 'outside_reply_window'],
    [10, undefined, 400, 'permission_denied'],
    [100, 2534014, 400, 'unknown_recipient'],
    [100, undefined, 400, 'invalid_parameter'],
    [190, 463, 502, 'token_expired'],
    [190, 999, 502, 'token_invalid'],
    [4, undefined, 429, 'rate_limited'],
    [613, 2534040, 429, 'rate_limited'],
    [1, 1357046, 504, 'outcome_unknown'],
    [1, undefined, 502, 'meta_failed'],
    [424242, undefined, 400, 'meta_refused'],
  ])('%i/%s is a %i %s', (code, subcode, status, name) => {
    expect(answerForGraphFailure(refusal(code, subcode))).toMatchObject({
      status,
      code: name,
      details: { message: 'Meta says no', type: 'OAuthException', code, fbtrace_id: 'AbC' },
    });
  });

  test('a rate limit says when to come back', () => {
    expect(answerForGraphFailure(refusal(4))).toMatchObject({ headers: { 'retry-after': '60' } });
  });

  test('tells what surely was not sent from what may have been', () => {
    expect(answerForGraphFailure(new GraphNotReachedError('x'))).toMatchObject({
      status: 502,
      code: 'meta_not_reached',
    });
    expect(answerForGraphFailure(new GraphNoAnswerError('x'))).toMatchObject({
      status: 504,
      code: 'outcome_unknown',
    });
  });

  test('leaves other errors alone', () => {
    const error = new TypeError('ours');
    expect(answerForGraphFailure(error)).toBe(error);
  });
});

test('no two entries of the catalogue are for the same error', () => {
  const keys = graphErrorCatalogue.map(({ code, subcode, says }) => `${code}/${subcode}/${says}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a subcode is never explained by that of another code', () => {
  expect(explainGraphError(190, 2534022).name).toBe('token_invalid');
});
