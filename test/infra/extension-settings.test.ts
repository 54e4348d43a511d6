import { describe, expect, it } from 'vitest';
import { deploySettings } from '../../infra/deploy-settings.ts';
import { type ExtensionValues, extensionSettings } from '../../infra/extension-settings.ts';
import { ConfigurationError, readConfiguration } from '../../infra/local/configuration.ts';

const away = { AUTO_REPLY_AWAY: 'Back at nine.', AUTO_REPLY_AWAY_HOURS: 'Mon 18:00-24:00' };
const keywords = { AUTO_REPLY_KEYWORDS: '[{ "words": ["price"], "reply": "See our page." }]' };
const on = (values: ExtensionValues) => extensionSettings({ AUTO_REPLY: 'on', ...values });

describe('extensionSettings', () => {
  it('is off by default, whatever rules there are', () => {
    expect(extensionSettings({})).toEqual({});
    expect(extensionSettings({ AUTO_REPLY: 'off', AUTO_REPLY_KEYWORDS: 'no JSON' })).toEqual({});
  });

  it('makes rules of the settings', () => {
    expect(on({ ...away, ...keywords, AUTO_REPLY_TIME_ZONE: 'Europe/Berlin' })).toEqual({
      autoReply: {
        note: 'Automatic reply:',
        keywords: [{ words: ['price'], reply: 'See our page.' }],
        away: {
          reply: 'Back at nine.',
          time_zone: 'Europe/Berlin',
          hours: [{ day: 1, from: 18 * 60, to: 24 * 60 }],
        },
        per_hour: 3,
        quiet_hours: 12,
      },
    });
  });

  it.each([
    ['Fri-Mon 09:00-17:30', [5, 6, 0, 1].map((day) => ({ day, from: 540, to: 1050 }))],
    [
      'Sat 18:00-09:00',
      [
        { day: 6, from: 1080, to: 1440 },
        { day: 0, from: 0, to: 540 },
      ],
    ],
    ['sun 00:00-00:00', [{ day: 0, from: 0, to: 1440 }]],
    [
      'Mon 20:00-00:00, Tue 0:00-6:00',
      [
        { day: 1, from: 1200, to: 1440 },
        { day: 2, from: 0, to: 360 },
      ],
    ],
  ])('reads the hours %s', (AUTO_REPLY_AWAY_HOURS, hours) => {
    expect(on({ ...away, AUTO_REPLY_AWAY_HOURS }).autoReply?.away?.hours).toEqual(hours);
  });

  it.each<[string, ExtensionValues]>([
    ['AUTO_REPLY must be on or off', { AUTO_REPLY: 'yes' }],
    ['needs AUTO_REPLY_KEYWORDS, or AUTO_REPLY_AWAY', { AUTO_REPLY: 'on' }],
    ['go together', { AUTO_REPLY: 'on', AUTO_REPLY_AWAY: 'Back soon.' }],
    ['go together', { AUTO_REPLY: 'on', ...keywords, AUTO_REPLY_AWAY_HOURS: 'Mon 1:00-2:00' }],
    ['AUTO_REPLY_NOTE must say', { AUTO_REPLY: 'on', ...away, AUTO_REPLY_NOTE: ' ' }],
    ['must be a time zone', { AUTO_REPLY: 'on', ...away, AUTO_REPLY_TIME_ZONE: 'Berlin' }],
    ['AUTO_REPLY_PER_HOUR must be a number', { AUTO_REPLY: 'on', ...away, AUTO_REPLY_PER_HOUR: '0' }],
    ['AUTO_REPLY_QUIET_HOURS must be', { AUTO_REPLY: 'on', ...away, AUTO_REPLY_QUIET_HOURS: '-1' }],
    ['is no JSON', { AUTO_REPLY: 'on', AUTO_REPLY_KEYWORDS: 'price=See our page' }],
    ['0.words', { AUTO_REPLY: 'on', AUTO_REPLY_KEYWORDS: '[{ "words": [], "reply": "x" }]' }],
    ['0.reply', { AUTO_REPLY: 'on', AUTO_REPLY_KEYWORDS: '[{ "words": ["x"] }]' }],
    ['a reply has 1017 bytes', { AUTO_REPLY: 'on', ...away, AUTO_REPLY_AWAY: 'x'.repeat(1000) }],
    [
      'bytes together',
      {
        AUTO_REPLY: 'on',
        AUTO_REPLY_KEYWORDS: JSON.stringify(
          ['a', 'b', 'c', 'd'].map((word) => ({ words: [word], reply: 'x'.repeat(900) })),
        ),
      },
    ],
    ['begins with https', { FORWARD_EVENTS_URL: 'http://hooks.shop.example/' }],
    ['begins with https', { FORWARD_EVENTS_URL: 'http://127.0.0.1.shop.example/' }],
    ['begins with https', { FORWARD_EVENTS_URL: 'ftp://hooks.shop.example/' }],
    ['begins with https', { FORWARD_EVENTS_URL: 'hooks' }],
    ['no user name', { FORWARD_EVENTS_URL: 'https://me:secret@hooks.shop.example/' }],
  ])('refuses with "%s", at a deploy and on this machine', (said, values) => {
    expect(() => deploySettings(values)).toThrow(said);
    expect(() => readConfiguration(values)).toThrow(ConfigurationError);
  });

  it.each(['Mon', 'Mon 9-17', 'Mon 25:00-26:00', 'Mon 09:60-10:00', 'Mon 24:00-09:00', 'Mo 09:00-10:00', ''])(
    'refuses the hours %j',
    (hours) => {
      expect(() => on({ ...away, AUTO_REPLY_AWAY_HOURS: `Tue 1:00-2:00, ${hours}` })).toThrow(
        'AUTO_REPLY_AWAY_HOURS must be like',
      );
    },
  );

  it.each([
    'https://hooks.shop.example/in?a=b',
    'http://127.0.0.1:4000/',
    'http://localhost/',
    'http://[::1]:1/',
  ])('forwards to %s', (url) => {
    expect(extensionSettings({ FORWARD_EVENTS_URL: url }).forwardUrl).toBe(url);
  });

  it('does not repeat an address that it refuses', () => {
    expect(() => extensionSettings({ FORWARD_EVENTS_URL: 'http://shop.example/?token=hush' })).not.toThrow(
      /hush/,
    );
  });
});
