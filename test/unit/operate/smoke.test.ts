import { afterEach, describe, expect, it } from 'vitest';
import {
  type Behaviour,
  type FakeGateway,
  key,
  secret,
  startFakeGateway,
  verifyToken,
} from './fake-gateway.ts';
import { Checkout, gatewayFile, type Outcome } from './run-command.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanups.splice(0)) await cleanUp();
});

async function smoke(
  behaviour: Partial<Behaviour> = {},
  args: readonly string[] = [],
): Promise<Outcome & { gateway: FakeGateway }> {
  const gateway = await startFakeGateway(behaviour);
  const checkout = await Checkout.create({
    'gateway.json': gatewayFile(gateway.url),
    'api-key': `${key}\n`,
  });
  cleanups.push(
    () => gateway.close(),
    () => checkout.remove(),
  );
  const env = { APP_SECRET: secret, WEBHOOK_VERIFY_TOKEN: verifyToken };
  const outcome = await checkout.run('smoke.ts', ['--timeout', '0.4', ...args], { env });
  return { ...outcome, gateway };
}

const failures = (stdout: string) => stdout.split('\n').filter((line) => line.startsWith('✗'));

describe('a good gateway', () => {
  it('passes every step', async () => {
    const { code, stdout, stderr, gateway } = await smoke();
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/\(\d+ ms\)/, '(N ms)')),
    ).toEqual([
      '✓ health answers (N ms)',
      '✓ handshake with the right verify token (N ms)',
      '✓ handshake with a wrong verify token is refused (N ms)',
      '✓ an unsigned delivery is refused (N ms)',
      '✓ a signed delivery is taken (N ms)',
      '✓ a signed delivery in changes[] with string seconds is taken (N ms)',
      '✓ both are in the conversation, letter for letter (N ms)',
      '✓ both are in get-messages, letter for letter (N ms)',
      '✓ the same deliveries again change nothing (N ms)',
      '✓ a reply is sent (N ms): sent as m_sent',
      '10 passed, 0 failed',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first, second, ...again] = gateway.deliveries;
    expect(first).toMatch(/"text":"R\\u00e4ksm.* \\ud83c\\udf89 <\/script> /);
    expect(again).toEqual([first, second, expect.any(String)]);
    expect(gateway.sends).toEqual([
      { recipient_id: '12334', message: expect.any(String), reply_to: expect.stringMatching(/^smoke_.*_1$/) },
    ]);
  });

  it('uses other ids in the next run', async () => {
    const runs = [await smoke(), await smoke()];
    const [one, other] = runs.map(({ gateway }) => /smoke_[-\w]+/.exec(gateway.deliveries[0] ?? '')?.[0]);
    expect(one).toBeTypeOf('string');
    expect(one).not.toBe(other);
  });

  it('delivers for the account that is named', async () => {
    const { code, gateway } = await smoke({}, ['--account', '17841400000000555']);
    expect(code).toBe(0);
    expect(gateway.deliveries[0]).toContain('"recipient":{"id":"17841400000000555"}');
  });

  it.each([400, 502])("may pass on Meta's refusal of the made-up customer with %i", async (status) => {
    const details = {
      message: '(#100) No matching user',
      type: 'OAuthException',
      code: 100,
      error_subcode: 2534014,
    };
    const { code, stdout } = await smoke({
      send: () => ({ status, body: { error: 'No such person', details } }),
    });
    expect(code).toBe(0);
    expect(stdout).toContain('Meta refused the made-up customer: 100/2534014 (#100) No matching user');
  });

  it('must reach a recipient that is named', async () => {
    const taken = await smoke({}, ['--recipient', '12334']);
    expect(taken.code).toBe(0);
    expect(taken.gateway.sends).toMatchObject([{ recipient_id: '12334', reply_to: expect.any(String) }]);
    const details = { message: 'No', type: 'OAuthException', code: 100 };
    const refused = await smoke({ send: () => ({ status: 400, body: { error: 'No', details } }) }, [
      '--recipient',
      '12334',
    ]);
    expect(refused.code).toBe(1);
    expect(failures(refused.stdout)).toEqual([expect.stringMatching(/^✗ a reply is sent .* answered 400/)]);
  });
});

describe('a gateway that', () => {
  it.each<[string, Partial<Behaviour>, RegExp[]]>([
    ['is ill', { health: () => ({ status: 500, body: {} }) }, [/health answers .* 500 instead of 200/]],
    [
      'answers another challenge',
      { challenge: () => ({ status: 200, body: '1' }) },
      [/right verify token .* answered "1"/],
    ],
    [
      'answers the challenge as JSON',
      { challenge: (asked) => ({ status: 200, body: Number(asked) }) },
      [/right verify token .* not text\/plain/],
    ],
    ['takes anything', { isAccepted: () => true }, [/unsigned delivery is refused .* 200 instead of 401/]],
    [
      'loses what it took',
      { inConversation: () => [], inGetMessages: () => [] },
      [/in the conversation.* not in GET/, /in get-messages.* not in GET/, /again .* not in GET/],
    ],
    [
      'spoils the text',
      {
        inConversation: (held) =>
          held.map(({ id, text }) => ({ id, text: text.replace('</script>', '&lt;/script>') })),
      },
      [/in the conversation.* reads ".*&lt;/, /again .* reads ".*&lt;/],
    ],
    ['stores twice', { store: (held, arrived) => held.unshift(arrived) }, [/again .* is there 2 times/]],
    [
      'refuses by itself',
      {
        send: () => ({
          status: 400,
          body: { error: 'Window closed', code: 'reply_window_closed', details: {} },
        }),
      },
      [/a reply is sent .* another shape/],
    ],
    [
      'answers a send without an id',
      { send: () => ({ status: 200, body: { success: true } }) },
      [/a reply is sent/],
    ],
  ])('%s fails', async (_, behaviour, expected) => {
    const { code, stdout } = await smoke(behaviour);
    expect(failures(stdout)).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(stdout).toMatch(new RegExp(`\\n${10 - expected.length} passed, ${expected.length} failed\\n$`));
    expect(code).toBe(1);
  });

  it('does not know the key fails at once, not after waiting', async () => {
    const { code, stdout } = await smoke({}, ['--key', 'unknown', '--timeout', '600']);
    expect(failures(stdout)).toHaveLength(4);
    expect(stdout).toContain('answered 401 instead of 200');
    expect(code).toBe(1);
  });

  it('is not there ends the journey', async () => {
    const { code, stdout } = await smoke({}, ['--url', 'http://127.0.0.1:2']);
    expect(stdout).toMatch(/^✗ health answers .*: No gateway answers at .* \(ECONNREFUSED\)/);
    expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
    expect(code).toBe(1);
  });
});

it('refuses unknown flags and a senseless timeout, and has a help', async () => {
  const checkout = await Checkout.create();
  cleanups.push(() => checkout.remove());
  expect((await checkout.run('smoke.ts', ['--fast'])).code).toBe(2);
  const env = { API_KEY: 'k', APP_SECRET: 's', WEBHOOK_VERIFY_TOKEN: 'v' };
  const args = ['--url', 'http://127.0.0.1:2', '--timeout', 'soon'];
  expect((await checkout.run('smoke.ts', args, { env })).code).toBe(2);
  expect(await checkout.run('smoke.ts', ['--help'])).toMatchObject({ code: 0, stderr: '' });
  expect(await checkout.run('smoke.ts', ['--url', 'http://127.0.0.1:2'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^No API key/),
  });
});
