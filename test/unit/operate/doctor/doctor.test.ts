import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CheckReport } from '../../../../shared/account/findings.ts';
import {
  type AccountOptions,
  accountId,
  type ConnectedAccount,
  connectedAccount,
  instagramApp,
  type Login,
  metaApp,
  secretsOf,
} from '../../../builders/connected-account.ts';
import { startServer } from '../../../builders/http-server.ts';
import { Checkout } from '../run-command.ts';

let connected: ConnectedAccount | undefined;
let checkout: Checkout | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([connected?.meta.stop(), checkout?.remove()]);
  connected = undefined;
  checkout = undefined;
});

/** A checkout whose `.env.local` connects it to the simulated Meta. */
async function connectedCheckout(login: Login, options?: AccountOptions): Promise<Checkout> {
  connected = await connectedAccount(login, options);
  const { graph } = connected.input.connection;
  const pairs = login === 'facebook' ? [metaApp] : [instagramApp, metaApp];
  checkout = await Checkout.create({
    '.env.local': [
      `PAGE_ACCESS_TOKEN=${graph?.access_token}`,
      `IG_USER_ID=${accountId}`,
      'WEBHOOK_VERIFY_TOKEN=verify',
      `APP_SECRET=${pairs.map(({ secret }) => secret).join(',')}`,
      `APP_ID=${pairs.map(({ id }) => id).join(',')}`,
      `INSTAGRAM_LOGIN=${login}`,
      `GRAPH_API_BASE_URL=${connected.meta.url}`,
    ].join('\n'),
  });
  return checkout;
}

const doctor = async (...args: readonly string[]) => (await here()).run('doctor.ts', args);

async function here(): Promise<Checkout> {
  checkout ??= await Checkout.create();
  return checkout;
}

describe('with nothing configured', () => {
  test('it names exactly what is missing, and where each is found', async () => {
    checkout = await Checkout.create();
    const { code, stdout, stderr } = await doctor();
    expect(code).toBe(1);
    expect(stderr).toBe('');
    expect(stdout).toContain('[not_connected]');
    expect(stdout).toContain(
      'PAGE_ACCESS_TOKEN, IG_USER_ID, WEBHOOK_VERIFY_TOKEN, APP_SECRET have no value.',
    );
    for (const name of ['PAGE_ACCESS_TOKEN', 'IG_USER_ID', 'WEBHOOK_VERIFY_TOKEN', 'APP_SECRET']) {
      expect(stdout).toMatch(new RegExp(`- ${name}: \\S`));
    }
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 error, 0 warnings, 3 not checked');
  });

  test('and a half configuration, which is checked as far as it goes', async () => {
    checkout = await Checkout.create({ '.env.local': 'APP_SECRET=s\nWEBHOOK_VERIFY_TOKEN=v\nAPP_ID=1' });
    const { code, stdout } = await checkout.run('doctor.ts', ['--json'], {
      env: { GRAPH_API_BASE_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as CheckReport;
    expect(findings.map(({ found }) => found)).toEqual(['PAGE_ACCESS_TOKEN, IG_USER_ID have no value.']);
  });
});

describe.each(['facebook', 'instagram'] as const)('with a healthy account of %s login', (login) => {
  test('it says so, names the account, and ends with 0', async () => {
    await connectedCheckout(login);
    const { code, stdout, stderr } = await doctor();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const name = login === 'facebook' ? 'Facebook login' : 'Instagram login';
    expect(stdout).toContain(`✓ Nothing is wrong with @shop, ${accountId} (${name}`);
    expect(stdout).toMatch(/\n0 errors, 0 warnings, \d not checked\n$/);
    // Colours are for terminals.
    expect(stdout).not.toContain('\x1b');
  });
});

describe('the exit code', () => {
  test('is 1 for an error', async () => {
    await connectedCheckout('facebook', { switches: { tokenSubcode: 463 } });
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /✗ The token has expired \[token_expired\]\n {2}Found: .*\n {2}Means: .*\n {2}To do: /,
    );
  });

  test('is 3 for warnings alone', async () => {
    await connectedCheckout('facebook', { isEmpty: true });
    const { code, stdout } = await doctor();
    expect(code).toBe(3);
    expect(stdout).toContain('! There are no conversations yet [no_conversations]');
    expect(stdout).toContain('0 errors, 1 warning,');
  });

  test.each([['--colour'], ['--public-url=example'], ['--stage=a b'], ['now']])(
    'is 2 for %s',
    async (...args) => {
      const { code, stdout, stderr } = await doctor(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('npm run doctor');
    },
  );

  test('is 1, with the reason, for settings that are none', async () => {
    checkout = await Checkout.create({ '.env.local': 'INSTAGRAM_LOGIN=threads' });
    const { code, stderr } = await doctor();
    expect(code).toBe(1);
    expect(stderr).toContain('INSTAGRAM_LOGIN must be facebook or instagram');
  });

  test('is told by --help', async () => {
    const { code, stdout } = await doctor('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('3 for warnings alone');
  });
});

test('what is likely shows its evidence, and no output holds a token or a secret', async () => {
  await connectedCheckout('facebook', { switches: { tokenAppId: '555000000000001' } });
  const { stdout } = await doctor();
  expect(stdout).toContain('[token_of_another_app]');
  expect(stdout).toContain(`          - Asked as the app ${metaApp.id}: `);
  for (const secret of secretsOf(connected)) expect(stdout).not.toContain(secret);
});

test('--json gives the report alone', async () => {
  await connectedCheckout('facebook');
  const { code, stdout } = await doctor('--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    checked_at: expect.stringMatching(/^\d{4}-.*Z$/),
    account: { username: 'shop', ig_user_id: accountId },
    findings: [],
    unchecked: [{ check: 'the public address' }, { check: expect.stringContaining('received') }],
  });
});

test('--public-url is tried, and compared with where Meta delivers', async () => {
  await connectedCheckout('facebook');
  const server = await startServer(({ url }, response) =>
    response.end(url.searchParams.get('hub.challenge')),
  );
  try {
    const { code, stdout } = await doctor('--public-url', server.url, '--json');
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout) as CheckReport;
    expect(findings).toMatchObject([{ code: 'callback_elsewhere' }]);
    expect(findings[0]?.found).toContain(`${server.url}/api/webhook`);
  } finally {
    await server.stop();
  }
});

test('a gateway that was killed does not count as running', async () => {
  await connectedCheckout('facebook');
  await checkout?.write(
    'gateway.json',
    JSON.stringify({
      url: 'http://127.0.0.1:9',
      tableName: 'table',
      endpoints: { dynamodb: 'http://127.0.0.1:9' },
    }),
  );
  const { code, stdout } = await doctor();
  expect(code).toBe(0);
  expect(stdout).toContain('where no gateway runs');
});
