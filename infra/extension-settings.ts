import { type AutoReplyRules, replyText } from '../functions/auto-reply/rules.ts';
import { type SettingName, settings } from '../shared/runtime/environment.ts';
import { maxAnswerBytes } from '../shared/subscribing/max-answer-bytes.ts';
import { parseAwayHours } from './away-hours.ts';
import { parseKeywords } from './keywords.ts';

/** The settings of auto-reply and forward-events: they decide which resources the stack has. */
export const extensionSettingNames = [
  'AUTO_REPLY',
  'AUTO_REPLY_NOTE',
  'AUTO_REPLY_KEYWORDS',
  'AUTO_REPLY_AWAY',
  'AUTO_REPLY_AWAY_HOURS',
  'AUTO_REPLY_TIME_ZONE',
  'AUTO_REPLY_PER_HOUR',
  'AUTO_REPLY_QUIET_HOURS',
  'FORWARD_EVENTS_URL',
] as const satisfies readonly SettingName[];
export type ExtensionSettingName = (typeof extensionSettingNames)[number];
export type ExtensionValues = Partial<Record<ExtensionSettingName, string>>;

export interface ExtensionSettings {
  /** Absent: nothing is answered by itself. */
  readonly autoReply?: AutoReplyRules;
  /** Absent: nothing is forwarded. */
  readonly forwardUrl?: string;
}

/** Lambda takes 4 KB of variables, names and all others included. */
const maxRulesBytes = 3000;

/** Throws with the setting's name and what it should be. */
export function extensionSettings(values: ExtensionValues): ExtensionSettings {
  const isOn = onOrOff('AUTO_REPLY', values.AUTO_REPLY || settings.AUTO_REPLY.default);
  return {
    ...(isOn && { autoReply: autoReplyRulesOf(values) }),
    ...(values.FORWARD_EVENTS_URL && { forwardUrl: forwardUrl(values.FORWARD_EVENTS_URL) }),
  };
}

function onOrOff(name: string, value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new Error(`${name} must be on or off, not ${JSON.stringify(value)}.`);
}

function autoReplyRulesOf(values: ExtensionValues): AutoReplyRules {
  const { AUTO_REPLY_KEYWORDS: keywords, AUTO_REPLY_AWAY: away, AUTO_REPLY_AWAY_HOURS: hours } = values;
  if (!keywords && !away) {
    throw new Error(
      'AUTO_REPLY=on needs AUTO_REPLY_KEYWORDS, or AUTO_REPLY_AWAY with AUTO_REPLY_AWAY_HOURS.',
    );
  }
  if (Boolean(away) !== Boolean(hours)) {
    throw new Error('AUTO_REPLY_AWAY and AUTO_REPLY_AWAY_HOURS go together: set both or neither.');
  }
  const note = (values.AUTO_REPLY_NOTE ?? settings.AUTO_REPLY_NOTE.default).trim();
  if (note === '') throw new Error('AUTO_REPLY_NOTE must say that a reply is automatic: it cannot be empty.');
  const rules: AutoReplyRules = {
    note,
    keywords: keywords ? parseKeywords(keywords) : [],
    ...(away &&
      hours && {
        away: {
          reply: away,
          time_zone: timeZone(values.AUTO_REPLY_TIME_ZONE || settings.AUTO_REPLY_TIME_ZONE.default),
          hours: parseAwayHours(hours),
        },
      }),
    per_hour: wholeNumber('AUTO_REPLY_PER_HOUR', values, 20),
    quiet_hours: wholeNumber('AUTO_REPLY_QUIET_HOURS', values, 168),
  };
  checkReplies(rules);
  return rules;
}

function checkReplies(rules: AutoReplyRules): void {
  const replies = [
    ...rules.keywords.map(({ reply }) => ['AUTO_REPLY_KEYWORDS', reply] as const),
    ...(rules.away ? [['AUTO_REPLY_AWAY', rules.away.reply] as const] : []),
  ];
  for (const [name, reply] of replies) {
    const bytes = Buffer.byteLength(replyText(rules, reply));
    if (bytes > maxAnswerBytes) {
      throw new Error(
        `${name}: with AUTO_REPLY_NOTE a reply has ${bytes} bytes, and ${maxAnswerBytes} are taken: ${JSON.stringify(`${reply.slice(0, 40)}…`)}`,
      );
    }
  }
  const bytes = Buffer.byteLength(JSON.stringify(rules));
  if (bytes > maxRulesBytes) {
    throw new Error(
      `The settings of AUTO_REPLY have ${bytes} bytes together; a function of AWS takes ${maxRulesBytes} of them: shorten the replies.`,
    );
  }
}

function timeZone(value: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value;
  } catch {
    throw new Error(
      `AUTO_REPLY_TIME_ZONE must be a time zone such as Europe/Berlin, not ${JSON.stringify(value)}.`,
    );
  }
}

function wholeNumber(
  name: 'AUTO_REPLY_PER_HOUR' | 'AUTO_REPLY_QUIET_HOURS',
  values: ExtensionValues,
  max: number,
): number {
  const value = values[name] || settings[name].default;
  if (/^\d{1,3}$/.test(value) && Number(value) >= 1 && Number(value) <= max) return Number(value);
  throw new Error(`${name} must be a number from 1 to ${max}, not ${JSON.stringify(value)}.`);
}

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function forwardUrl(value: string): string {
  const url = URL.parse(value);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname));
  // The value is not repeated: an address may hold a secret.
  if (!url || !isSafe) {
    throw new Error(
      'FORWARD_EVENTS_URL must be an address that begins with https:// (http:// on this machine alone).',
    );
  }
  if (url.username || url.password || url.hash) {
    throw new Error('FORWARD_EVENTS_URL must have no user name, password or fragment.');
  }
  return url.href;
}
