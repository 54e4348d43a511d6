import { expect, test } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';

test('a clock of its own stands still until it is moved', async () => {
  const clock = createClock({ startMs: 1_000 });
  expect(clock.nowMs()).toBe(1_000);
  await clock.advance(500);
  expect(clock.nowMs()).toBe(1_500);
});

test('what falls due on the way runs in order, each at its own time', async () => {
  const clock = createClock({ startMs: 0 });
  const ran: [string, number][] = [];
  clock.schedule(300, () => void ran.push(['late', clock.nowMs()]));
  clock.schedule(100, () => {
    ran.push(['early', clock.nowMs()]);
    clock.schedule(100, () => void ran.push(['again', clock.nowMs()]));
  });
  const cancel = clock.schedule(150, () => void ran.push(['cancelled', 0]));
  cancel();
  await clock.advance(1_000);
  expect(ran).toEqual([
    ['early', 100],
    ['again', 200],
    ['late', 300],
  ]);
  expect(clock.nowMs()).toBe(1_000);
});

test("a clock that follows this machine's can be moved ahead, and runs by itself what falls due", async () => {
  const clock = createClock();
  try {
    const before = Date.now();
    await clock.advance(86_400_000);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(before + 86_400_000);
    await new Promise<void>((resolve) => {
      clock.schedule(20, resolve);
    });
  } finally {
    clock.stop();
  }
});
