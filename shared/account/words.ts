const dayMs = 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;
const minuteMs = 60 * 1000;

/** Such as `2026-11-25 09:30 UTC`. */
export function at(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Such as `3 days`, `1 hour`; in the largest unit that fits. */
export function duration(ms: number): string {
  const [count, unit] =
    ms >= 2 * dayMs
      ? [ms / dayMs, 'day']
      : ms >= hourMs
        ? [ms / hourMs, 'hour']
        : ms >= minuteMs
          ? [ms / minuteMs, 'minute']
          : [ms / 1000, 'second'];
  return plural(Math.floor(count), unit);
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** With a full stop at its end, whoever wrote it. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
