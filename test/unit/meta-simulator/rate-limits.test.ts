import { expect, it } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import { RateLimits } from '../../../infra/meta-simulator/rate-limits.ts';

it.each([
  ['sliding', [true, true, false, false, true]],
  ['aligned', [true, true, true, false, true]],
] as const)('two within a second, %s', async (kind, taken) => {
  const clock = createClock({ startMs: 900 });
  const limits = new RateLimits(clock, kind);
  const take = () => limits.take('reads', 2, 1000);
  const results = [take(), take()];
  await clock.advance(200);
  results.push(take());
  // Refused or not, it counts.
  results.push(take() && take());
  await clock.advance(2000);
  results.push(take());
  expect(results).toEqual(taken);
});

it('buckets are apart, and idle ones are forgotten', async () => {
  const clock = createClock({ startMs: 0 });
  const limits = new RateLimits(clock, 'sliding');
  for (let i = 0; i < 1000; i += 1) expect(limits.take(`thread ${i}`, 1, 1000)).toBe(true);
  expect(limits.take('thread 0', 1, 1000)).toBe(false);
  await clock.advance(5000);
  expect(limits.take('one more', 1, 1000)).toBe(true);
  expect(limits.buckets).toBe(1);
});
