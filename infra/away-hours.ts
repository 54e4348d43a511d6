import type { AwayRule } from '../functions/auto-reply/rules.ts';

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const dayMinutes = 24 * 60;
const range = /^(?<first>[a-z]{3})(?:-(?<last>[a-z]{3}))?\s+(?<from>\d{1,2}:\d{2})-(?<to>\d{1,2}:\d{2})$/i;

/**
 * Reads hours such as `Mon-Fri 18:00-09:00, Sat-Sun 00:00-24:00`. A range whose end is not after its beginning goes on
 * into the next day. Throws with what is wrong.
 */
export function parseAwayHours(text: string): AwayRule['hours'] {
  return text.split(',').flatMap((part) => parseRange(part.trim()));
}

function parseRange(part: string): AwayRule['hours'] {
  const { first = '', last = first, from = '', to = '' } = range.exec(part)?.groups ?? {};
  const [firstDay, lastDay] = [
    days.indexOf(first.toLowerCase()),
    days.indexOf((last ?? first).toLowerCase()),
  ];
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (firstDay === -1 || lastDay === -1 || start === undefined || end === undefined || start === dayMinutes) {
    throw new Error(
      `AUTO_REPLY_AWAY_HOURS must be like "Mon-Fri 18:00-09:00, Sat-Sun 00:00-24:00", not ${JSON.stringify(part)}.`,
    );
  }
  const count = ((lastDay - firstDay + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => (firstDay + index) % 7).flatMap((day) =>
    end > start
      ? [{ day, from: start, to: end }]
      : [
          { day, from: start, to: dayMinutes },
          ...(end > 0 ? [{ day: (day + 1) % 7, from: 0, to: end }] : []),
        ],
  );
}

/** Of `09:30`; `24:00` is the end of a day. */
function minuteOf(text: string): number | undefined {
  const [hour = Number.NaN, minute = Number.NaN] = text.split(':').map(Number);
  const minutes = hour * 60 + minute;
  return minute < 60 && minutes <= dayMinutes ? minutes : undefined;
}
