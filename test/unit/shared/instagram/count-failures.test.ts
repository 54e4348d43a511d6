import { beforeEach, expect, test, vi } from 'vitest';
import { countingFailures } from '../../../../shared/instagram/count-failures.ts';
import {
  GraphError,
  GraphNoAnswerError,
  GraphNotReachedError,
} from '../../../../shared/instagram/graph-errors.ts';

const measured = vi.hoisted(() => vi.fn<(counts: Record<string, number>) => object>(() => ({})));
vi.mock('../../../../shared/runtime/metrics.ts', async (original) => ({
  ...(await original<typeof import('../../../../shared/runtime/metrics.ts')>()),
  measured,
}));
beforeEach(() => measured.mockClear());

const refusal = (code: number, subcode?: number) =>
  new GraphError(
    400,
    { message: 'x', code, ...(subcode !== undefined && { error_subcode: subcode }) },
    { percent: 0, regainMs: 0 },
  );

test.each([
  ['no connection', new GraphNotReachedError('x')],
  ['no answer', new GraphNoAnswerError('x')],
  ['an outage', refusal(2)],
  ['a limit', refusal(613)],
  ['a token that ended', refusal(190, 463)],
])('%s is counted, and thrown on', async (_what, error) => {
  await expect(countingFailures(Promise.reject(error))).rejects.toBe(error);
  expect(measured.mock.calls).toEqual([[{ GraphErrors: 1 }]]);
});

test.each([
  ['a closed reply window', refusal(10, 2534022)],
  ['a message that Meta gives no more of', refusal(9000001)],
  ['what is no answer of Meta', new TypeError('x')],
])('%s is not counted, and thrown on', async (_what, error) => {
  await expect(countingFailures(Promise.reject(error))).rejects.toBe(error);
  expect(measured).not.toHaveBeenCalled();
});

test('what succeeds is handed on', async () => {
  expect(await countingFailures(Promise.resolve(7))).toBe(7);
  expect(measured).not.toHaveBeenCalled();
});
