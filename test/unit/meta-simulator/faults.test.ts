import { expect, test } from 'vitest';
import { Faults } from '../../../infra/meta-simulator/faults.ts';
import { seededRandom } from '../../../infra/meta-simulator/random.ts';

const draws = (faults: Faults, name: 'no_echo' | 'duplicate_delivery') =>
  Array.from({ length: 50 }, () => faults.strikes(name) !== undefined);

test('the same seed strikes at the same places, whatever other faults are drawn', () => {
  const settings = { no_echo: { probability: 0.5 }, duplicate_delivery: { probability: 0.5 } };
  const alone = draws(new Faults('seed', settings), 'no_echo');
  const beside = new Faults('seed', settings);
  draws(beside, 'duplicate_delivery');
  expect(draws(beside, 'no_echo')).toEqual(alone);
  expect(alone).toContain(true);
  expect(alone).toContain(false);
  expect(draws(new Faults('another', settings), 'no_echo')).not.toEqual(alone);
});

test('a fault strikes always at 1, never at 0 or when it is off', () => {
  const faults = new Faults('seed', { no_echo: { probability: 1, value: 7 } });
  expect(faults.strikes('no_echo')).toEqual({ probability: 1, value: 7 });
  expect(faults.strikes('send_times_out')).toBeUndefined();
  faults.set('no_echo', { probability: 0 });
  expect(faults.strikes('no_echo')).toBeUndefined();
  expect(() => faults.set('no_echo', { probability: 1.5 })).toThrow(RangeError);
});

test('random numbers repeat with their seed and are spread evenly', () => {
  const numbers = (seed: string) => {
    const random = seededRandom(seed, 'test');
    return Array.from({ length: 1000 }, () => random.next());
  };
  expect(numbers('a')).toEqual(numbers('a'));
  expect(numbers('a')).not.toEqual(numbers('b'));
  const mean = numbers('a').reduce((sum, x) => sum + x, 0) / 1000;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});
