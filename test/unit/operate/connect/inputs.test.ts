import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { CommandFailed, WrongUsage } from '../../../../infra/operate/command.ts';
import { givenSettings } from '../../../../infra/operate/connect/given-settings.ts';
import { readInputs, untilTaken } from '../../../../infra/operate/connect/inputs.ts';
import { parsePublicUrl } from '../../../../infra/operate/connect/public-url.ts';
import { askAt, type Questions } from '../../../../infra/operate/connect/questions.ts';
import { speaker } from '../../../../infra/operate/connect/speaker.ts';

describe('givenSettings', () => {
  test('a flag wins, then the environment, then what is stored, in turn', () => {
    expect(
      givenSettings(
        { token: 'flag' },
        { PAGE_ACCESS_TOKEN: 'env', APP_ID: 'env' },
        { APP_ID: 'stack', APP_SECRET: 'stack' },
        { APP_SECRET: 'file', WEBHOOK_VERIFY_TOKEN: 'file' },
      ),
    ).toEqual({
      INSTAGRAM_LOGIN: 'facebook',
      PAGE_ACCESS_TOKEN: 'flag',
      APP_ID: 'env',
      APP_SECRET: 'stack',
      WEBHOOK_VERIFY_TOKEN: 'file',
    });
  });

  test('a token that is stored without a login is one of Facebook login', () => {
    expect(givenSettings({}, {}, { PAGE_ACCESS_TOKEN: 't' })).toMatchObject({ INSTAGRAM_LOGIN: 'facebook' });
    expect(givenSettings({ token: 't' }, {}, {})).not.toHaveProperty('INSTAGRAM_LOGIN');
  });

  test("another login's app and token do not count; the verify token does", () => {
    const stored = {
      INSTAGRAM_LOGIN: 'facebook',
      APP_ID: '1',
      APP_SECRET: 's',
      PAGE_ACCESS_TOKEN: 't',
      IG_USER_ID: '2',
      WEBHOOK_VERIFY_TOKEN: 'v',
    };
    expect(givenSettings({ login: 'instagram' }, {}, stored)).toEqual({
      INSTAGRAM_LOGIN: 'instagram',
      WEBHOOK_VERIFY_TOKEN: 'v',
    });
  });
});

describe('at a terminal', () => {
  let input: PassThrough;
  let shown: string;
  let questions: Questions;

  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation((line) => {
      shown += `${line}\n`;
    });
    vi.spyOn(console, 'error').mockImplementation((line) => {
      shown += `${line}\n`;
    });
    input = new PassThrough();
    const output = new PassThrough();
    shown = '';
    output.on('data', (text) => {
      shown += String(text);
    });
    questions = askAt(input, output);
  });
  afterEach(() => questions.close());

  test('what is missing is asked for, a secret without showing it', async () => {
    const inputs = readInputs({ APP_ID: '111' }, questions);
    expect(await inputs.need('APP_ID')).toBe('111');
    const login = inputs.need('INSTAGRAM_LOGIN');
    input.write('instagram\r');
    expect(await login).toBe('instagram');
    const secret = inputs.need('APP_SECRET');
    input.write('\rs3cret-value\r');
    expect(await secret).toBe('s3cret-value');
    expect(shown).toContain('Which login: instagram (recommended');
    expect(shown).toContain('App secret (not shown): ');
    expect(shown).toContain('App settings > Basic');
    expect(shown).not.toContain('s3cret');
    expect(shown).not.toContain('App id: ');
  });

  test('what was typed and does not pass is asked for again, three times at most', async () => {
    const inputs = readInputs({}, questions);
    const taken = untilTaken(inputs, ['APP_ID'], async () => {
      const id = await inputs.need('APP_ID');
      if (id !== '3') throw new CommandFailed(`not ${id}`);
      return id;
    });
    input.write('1\r2\r3\r');
    expect(await taken).toBe('3');
    expect(shown).toMatch(/✗ not 1[\s\S]*✗ not 2/);

    const refused = untilTaken(inputs, ['PAGE_ACCESS_TOKEN'], async () => {
      throw new CommandFailed(`not ${await inputs.need('PAGE_ACCESS_TOKEN')}`);
    });
    input.write('a\rb\rc\r');
    await expect(refused).rejects.toThrow('not c');
  });

  test('what was given and does not pass is not asked for', async () => {
    const inputs = readInputs({ APP_ID: '1' }, questions);
    const refused = untilTaken(inputs, ['APP_ID'], async () => {
      throw new CommandFailed(`not ${await inputs.need('APP_ID')}`);
    });
    await expect(refused).rejects.toThrow('not 1');
    expect(shown).toBe('');
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s ends it', async (_key, typed) => {
    const asked = questions.text('App id: ');
    input.write(typed);
    await expect(asked).rejects.toThrow(CommandFailed);
  });

  test.each([
    ['y', true],
    ['yes', true],
    ['', false],
    ['n', false],
  ])('a question for yes or no takes %j for %j', async (typed, answer) => {
    const asked = questions.confirm('Replace it?');
    input.write(`${typed}\r`);
    expect(await asked).toBe(answer);
  });
});

test.each([
  ['https://shop.example', 'https://shop.example'],
  ['https://shop.example/', 'https://shop.example'],
  ['https://shop.example/api/webhook', 'https://shop.example'],
  ['https://shop.example/prod/api/webhook/', 'https://shop.example/prod'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('the public address %s is %s', (given, base) => {
  expect(parsePublicUrl(given)).toBe(base);
});

test.each([
  'http://shop.example',
  'http://127.0.0.1.example.com',
  'ftp://shop.example',
  'shop.example',
  'https://shop.example/?a=1',
  'https://user@shop.example',
])('the public address %s is refused', (given) => {
  expect(() => parsePublicUrl(given)).toThrow(WrongUsage);
});

test('no token or secret is shown, whoever quotes it', () => {
  const lines: string[] = [];
  const spies = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  onTestFinished(() => spies.mockRestore());
  const speaking = speaker();
  speaking.keepSecret({ token: 'token-one' });
  speaking.keepSecret({ token: 'token-two', apps: [{ id: '111', secret: 'app-secret' }] });
  speaking.tell('token-one and token-two');
  speaking.warn('111|app-secret');
  speaking.say(`EAAB${'x'.repeat(40)}`);
  const failure = speaking.redact(new CommandFailed('Meta answered: app-secret'));
  const all = `${lines.join('\n')}\n${String(failure)}`;
  expect(all).not.toMatch(/token-one|token-two|app-secret|xxxx/);
  expect(all.match(/\[hidden\]/g)).toHaveLength(5);
});
