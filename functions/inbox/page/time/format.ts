/** Times as the viewer reads them: in their zone and language. */
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

export interface Viewer {
  /** BCP 47; the browser's where absent. */
  readonly locale?: string;
  /** IANA; the browser's where absent. */
  readonly timeZone?: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one costs more than a hundred uses. */
function formatter({ locale, timeZone }: Viewer, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options]);
  const found = formats.get(key);
  if (found) return found;
  const made = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone !== undefined && { timeZone }) });
  formats.set(key, made);
  return made;
}

/** "14:05". */
export function clockTime(iso: string, viewer: Viewer = {}): string {
  return formatter(viewer, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

/** The whole time, as a tooltip and for screen readers. */
export function fullTime(iso: string, viewer: Viewer = {}): string {
  return formatter(viewer, { dateStyle: 'full', timeStyle: 'medium' }).format(new Date(iso));
}

/** A name for the viewer's day on which a moment lies: "2026-11-25". */
export function dayKey(iso: string, viewer: Viewer = {}): string {
  const parts = formatter({ ...viewer, locale: 'en' }, { year: 'numeric', month: '2-digit', day: '2-digit' });
  const of = Object.fromEntries(parts.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${of.year}-${of.month}-${of.day}`;
}

/** "Today", "Yesterday", "Monday", "Mon 3 Nov", "3 Nov 2025". */
export function dayName(iso: string, nowMs: number, words: DayWords, viewer: Viewer = {}): string {
  const at = Date.parse(iso);
  const key = dayKey(iso, viewer);
  const keyOf = (ms: number) => dayKey(new Date(ms).toISOString(), viewer);
  if (key === keyOf(nowMs)) return words.today;
  if (key === keyOf(nowMs - dayMs)) return words.yesterday;
  if (nowMs - at < 6 * dayMs && at < nowMs) return formatter(viewer, { weekday: 'long' }).format(at);
  if (key.slice(0, 4) === keyOf(nowMs).slice(0, 4)) {
    return formatter(viewer, { weekday: 'short', day: 'numeric', month: 'short' }).format(at);
  }
  return formatter(viewer, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

export interface DayWords {
  readonly today: string;
  readonly yesterday: string;
}

/** The time of a conversation in the list: the clock today, else the day. */
export function shortTime(iso: string, nowMs: number, words: DayWords, viewer: Viewer = {}): string {
  const day = dayName(iso, nowMs, words, viewer);
  if (day === words.today) return clockTime(iso, viewer);
  if (day === words.yesterday) return day;
  const at = Date.parse(iso);
  const isNear = nowMs - at < 6 * dayMs && at < nowMs;
  if (isNear) return formatter(viewer, { weekday: 'short' }).format(at);
  return formatter(viewer, { day: 'numeric', month: 'short' }).format(at);
}

/** What is left of a span, rounded down so that nothing is promised: "6d 3h", "23h", "1h 05m", "9m", "<1m". */
export function timeLeft(ms: number): string {
  if (ms < minuteMs) return '<1m';
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  const days = Math.floor(ms / dayMs);
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours >= 3) return `${hours}h`;
  if (hours > 0) return `${hours}h ${String(minutes).padStart(2, '0')}m`;
  return `${minutes}m`;
}

/** How long ago, for what is stale: "40 s", "5 min", "3 h". */
export function ago(ms: number): string {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
}
