import { appendFileSync } from 'node:fs';

/** One line of a part's table. */
export interface Figure {
  readonly what: string;
  /** With its unit. */
  readonly measured: string;
  /** What was measured in the same run beside it, with its unit; or what the figure is made of. */
  readonly beside?: string;
  /** Absent: it is told, not judged. */
  readonly target?: string;
  readonly isMet?: boolean;
}

/** A figure that may be at most so many times what it is measured against. */
export function ratio(what: string, ours: number, theirs: number, most: number, unit = 'ms'): Figure {
  const times = ours / theirs;
  return {
    what,
    measured: `${times.toFixed(2)} ×`,
    beside: `${short(ours)} / ${short(theirs)} ${unit}`,
    target: `at most ${most} ×`,
    isMet: times <= most,
  };
}

/** A figure that may be at most, or must be at least, so much. */
export function bounded(
  what: string,
  value: number,
  bound: { readonly most: number } | { readonly least: number },
  unit: string,
  beside?: string,
): Figure {
  const target = 'most' in bound ? `at most ${bound.most} ${unit}` : `at least ${bound.least} ${unit}`;
  const isMet = 'most' in bound ? value <= bound.most : value >= bound.least;
  return {
    what,
    measured: `${short(value)} ${unit}`,
    target,
    isMet,
    ...(beside !== undefined && { beside }),
  };
}

/** Prints a part's figures, hands them to `npm run bench`, and ends the process with 1 for a missed target. */
export function report(figures: readonly Figure[]): void {
  for (const line of table(figures)) console.log(line);
  if (process.env.BENCH_FIGURES) {
    for (const figure of figures) appendFileSync(process.env.BENCH_FIGURES, `${JSON.stringify(figure)}\n`);
  }
  if (figures.some(({ isMet }) => isMet === false)) process.exitCode = 1;
}

function table(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ what, measured, beside = '', target = '', isMet }) => [
    isMet === undefined ? ' ' : isMet ? '✓' : '✗',
    what,
    measured,
    target,
    beside,
  ]);
  const widths = rows.reduce<number[]>(
    (wide, row) => row.map((cell, place) => Math.max(cell.length, wide[place] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** Three digits or so. */
export function short(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

export async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await act();
  return performance.now() - startedAtMs;
}

/** Where it takes long, a line that is written over. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
