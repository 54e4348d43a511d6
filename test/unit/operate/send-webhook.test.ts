import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeGateway, secret, startFakeGateway, verifyToken } from './fake-gateway.ts';
import { Checkout, gatewayFile } from './run-command.ts';

const simulator = {
  access_token: 'T',
  ig_user_id: '17841400000000777',
  app_secret: secret,
  verify_token: verifyToken,
};

let gateway: FakeGateway;
let checkout: Checkout;
beforeAll(async () => {
  gateway = await startFakeGateway();
  checkout = await Checkout.create({
    'gateway.json': gatewayFile(gateway.url),
    'simulator.json': JSON.stringify(simulator),
  });
});
afterAll(async () => {
  await checkout.remove();
  await gateway.close();
});
beforeEach(() => checkout.write('.env.local', ''));

const send = (args: readonly string[], options?: Parameters<Checkout['run']>[2]) =>
  checkout.run('send-webhook.ts', args, options);

const lastDelivery = (): unknown => JSON.parse(gateway.deliveries.at(-1) ?? 'null');

describe('a delivery to the gateway that runs here', () => {
  it('is signed over escaped bytes, in the messaging envelope', async () => {
    const { code, stdout, stderr } = await send(['--text', 'ä 🎉 </script>', '--mid', 'm_1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(gateway.deliveries.at(-1)).toContain('"text":"\\u00e4 \\ud83c\\udf89 </script>"');
    expect(lastDelivery()).toEqual({
      object: 'instagram',
      entry: [
        {
          id: '17841400000000777',
          time: expect.any(Number),
          messaging: [
            {
              sender: { id: '123456789' },
              recipient: { id: '17841400000000777' },
              timestamp: expect.any(Number),
              message: { mid: 'm_1', text: 'ä 🎉 </script>' },
            },
          ],
        },
      ],
    });
    expect(stdout).toMatch(/^200 \{"success":true\}\n/);
    expect(stdout).toContain(`${gateway.url}/api/get-messages`);
    expect(stdout).toContain(`-d '{"recipient_id":"123456789","message":"Thank you!","reply_to":"m_1"}'`);
  });

  it('of the kind changes has its time as a string of seconds', async () => {
    expect((await send(['--kind', 'changes', '--from', '42', '--account', '7'])).code).toBe(0);
    expect(lastDelivery()).toMatchObject({
      entry: [
        {
          id: '7',
          changes: [
            {
              field: 'messages',
              value: {
                sender: { id: '42' },
                recipient: { id: '7' },
                timestamp: expect.stringMatching(/^\d{10}$/),
              },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['echo', { message: { mid: 'm_2', text: 'new', is_echo: true }, recipient: { id: '42' } }],
    ['edit', { message_edit: { mid: 'm_2', text: 'new', num_edit: 1 } }],
    ['reaction', { reaction: { mid: 'm_2', action: 'react', reaction: 'love', emoji: '❤️' } }],
    ['seen', { read: { mid: 'm_2' } }],
    ['unsend', { message: { mid: 'm_2', is_deleted: true } }],
    ['postback', { postback: { mid: 'm_2', title: 'new', payload: 'TEST' } }],
  ])('may be of the kind %s', async (kind, event) => {
    expect((await send(['--kind', kind, '--mid', 'm_2', '--text', 'new', '--from', '42'])).code).toBe(0);
    expect(lastDelivery()).toMatchObject({ entry: [{ messaging: [event] }] });
  });

  it('may come from a file or from standard input, but for the escaping as it is', async () => {
    await checkout.write('payload.json', '\ufeff{ "text": "ä" }\n');
    expect((await send(['--file', 'payload.json'])).code).toBe(0);
    expect(gateway.deliveries.at(-1)).toBe('{ "text": "\\u00e4" }\n');
    expect((await send(['--file', '-'], { input: '[ "🎉" ]' })).code).toBe(0);
    expect(gateway.deliveries.at(-1)).toBe('[ "\\ud83c\\udf89" ]');
  });
});

describe('the secret', () => {
  it('is the flag, then the environment, then .env.local, then the simulator', async () => {
    await checkout.write('.env.local', 'APP_SECRET="wrong, too"\n');
    const fromFile = await send([]);
    expect(fromFile.code).toBe(1);
    expect(fromFile.stdout).toMatch(/^401 .*\nThe gateway does not know the secret/s);
    expect((await send([], { env: { APP_SECRET: `${secret},another` } })).code).toBe(0);
    expect((await send(['--app-secret', secret], { env: { APP_SECRET: 'wrong' } })).code).toBe(0);
  });
});

describe('the handshake', () => {
  it('proves that the gateway knows the verify token', async () => {
    const { code, stdout } = await send(['--kind', 'handshake']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^200 \d{15}\nThe gateway proved/);
  });

  it('fails with another token', async () => {
    const { code, stdout } = await send(['--kind', 'handshake', '--verify-token', 'another']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^403 .*\nThe gateway has another verify token/s);
  });
});

it('says that Meta would deliver again what the gateway could not take', async () => {
  const busy = await startFakeGateway({ isAccepted: () => false, refusedWith: 503 });
  const { code, stdout } = await send(['--url', busy.url]);
  await busy.close();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^503 .*\nThe gateway could not take it/s);
});

describe('what cannot be done', () => {
  it.each([
    ['an unknown flag', ['--colour', 'red'], /^Unknown option '--colour'/],
    ['an unknown kind', ['--kind', 'smoke-signal'], /^--kind takes message, .* not "smoke-signal"/],
    ['an edit of nothing', ['--kind', 'edit'], /^--kind edit speaks of an earlier message/],
    ['a file and a text', ['--file', '-', '--text', 'a'], /^--file is a whole delivery/],
    ['no address', ['--url', 'localhost'], /^--url takes an address/],
  ])('%s ends with 2', async (_, args, message) => {
    const { code, stdout, stderr } = await send(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toContain('--app-secret SECRET');
  });

  it.each([
    [
      'a gateway that is down',
      ['--url', 'http://127.0.0.1:2'],
      /^No gateway answers at http:\/\/127.0.0.1:2 \(ECONNREFUSED\)/,
    ],
    ['a file that is not there', ['--file', 'none.json'], /^Cannot read none.json/],
  ])('%s ends with 1', async (_, args, message) => {
    const { code, stderr } = await send(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });

  it('without a running gateway, a secret or a whole file ends with 1', async () => {
    const empty = await Checkout.create();
    expect(await empty.run('send-webhook.ts', [])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No gateway is running on this machine.*npm run dev/s),
    });
    expect(await empty.run('send-webhook.ts', ['--url', gateway.url])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No app secret to sign with/),
    });
    await empty.write('gateway.json', '{"ur');
    expect(await empty.run('send-webhook.ts', [])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^gateway.json is damaged/),
    });
    await empty.remove();
  });
});

it('--help says all flags', async () => {
  const { code, stdout } = await send(['--help']);
  expect(code).toBe(0);
  for (const flag of [
    'url',
    'text',
    'from',
    'mid',
    'kind',
    'file',
    'account',
    'app-secret',
    'verify-token',
  ]) {
    expect(stdout).toContain(`--${flag} `);
  }
});
