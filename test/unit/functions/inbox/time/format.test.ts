import { describe, expect, test } from 'vitest';
import { ago, dayName, shortTime, timeLeft } from '../../../../../functions/inbox/page/time/format.ts';

const minute = 60_000;
const hour = 60 * minute;
const words = { today: 'Today', yesterday: 'Yesterday' };
const viewer = { locale: 'en-GB', timeZone: 'Europe/Berlin' };
const nowMs = Date.UTC(2026, 10, 25, 12);

test.each([
  [0, '<1m'],
  [59_999, '<1m'],
  [9 * minute, '9m'],
  [hour + 5 * minute, '1h 05m'],
  [2 * hour + 59 * minute, '2h 59m'],
  [23 * hour + 59 * minute, '23h'],
  [24 * hour, '1d'],
  [147 * hour, '6d 3h'],
])('%d ms left: %s', (ms, shown) => {
  expect(timeLeft(ms)).toBe(shown);
});

test.each([
  [-5, '0 s'],
  [40_000, '40 s'],
  [5 * minute, '5 min'],
  [3 * hour, '3 h'],
  [50 * hour, '2 d'],
])('%d ms ago: %s', (ms, shown) => {
  expect(ago(ms)).toBe(shown);
});

describe('a day', () => {
  test.each([
    ['2026-11-25T00:30:00Z', 'Today', '01:30'],
    // Past midnight for the viewer, though not in UTC.
    ['2026-11-24T23:30:00Z', 'Today', '00:30'],
    ['2026-11-24T10:00:00Z', 'Yesterday', 'Yesterday'],
    ['2026-11-21T10:00:00Z', 'Saturday', 'Sat'],
    ['2026-03-03T10:00:00Z', 'Tue 3 Mar', '3 Mar'],
    ['2025-03-03T10:00:00Z', '3 Mar 2025', '3 Mar'],
  ])('%s is %s', (iso, name, short) => {
    expect(dayName(iso, nowMs, words, viewer)).toBe(name);
    expect(shortTime(iso, nowMs, words, viewer)).toBe(short);
  });
});
