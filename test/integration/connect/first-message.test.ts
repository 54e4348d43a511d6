import { describe, expect, onTestFinished, test } from 'vitest';
import { settingsFrom } from '../../../infra/local/configuration.ts';
import { type Gateway, startGateway } from '../../../infra/local/start-gateway.ts';
import type { Login } from '../../../infra/meta-simulator/graph-errors.ts';
import { logFile } from '../../builders/gateway.ts';
import { startServer } from '../../builders/http-server.ts';
import { accountId, facebookFlags, instagramFlags, openShop, type Shop, verifyToken } from './fixture.ts';

/** As `npm run dev` in the shop's folder starts it. */
async function dev(shop: Shop, settings: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway({
    settings: {
      ...settingsFrom({}, `${shop.folder}/.env.local`),
      GRAPH_API_BASE_URL: shop.meta.url,
      PORT: '0',
      DATA_DIR: shop.folder,
      ...settings,
    },
    log: logFile(),
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** Connected, with no subscription by the account and no webhook set up at first. */
async function connected(login: Login): Promise<Shop> {
  const shop = await openShop({ login });
  shop.meta.world.state.unsubscribe();
  const { tokens } = shop.meta.world.state;
  const flags =
    login === 'facebook'
      ? facebookFlags(tokens.issueShortLived('user').value)
      : instagramFlags(tokens.issueShortLived('instagram').value);
  const { code, stderr } = await shop.connect([...flags, '--verify-token', verifyToken]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return shop;
}

describe.each<Login>(['facebook', 'instagram'])('with %s login', (login) => {
  test('from nothing to the first message, which is announced with its writer', async () => {
    const shop = await connected(login);
    const { url } = await dev(shop);
    const running = shop.start(['--public-url', `${url}/api/webhook`, '--wait', '60']);
    await expect.poll(running.output).toMatch(/Waiting for Meta's handshake/);
    expect(running.output()).toContain(
      `Callback URL   ${url}/api/webhook\n  Verify token   ${verifyToken}\n`,
    );
    expect(running.output()).toMatch(/object Instagram/);
    expect(running.output()).not.toContain("Meta's handshake came");

    expect(await shop.meta.verifyAndSave(`${url}/api/webhook`)).toEqual({ ok: true });
    await expect.poll(running.output).toMatch(/✓ Meta's handshake came\n.*Waiting for it/);
    shop.meta.customers.write('123456789', { text: 'Do you ship to Oslo?' });
    const { code, stdout } = await running.ended;
    expect(stdout).toMatch(/✓ The first message arrived. It is from @ada \(Ada\) id 123456789\n/);
    expect(stdout).not.toContain('Oslo');
    expect(stdout).not.toMatch(/^✗/m);
    expect(code).toBe(0);
    expect(shop.settings()).toMatchObject({ PUBLIC_URL: url });

    const doctor = await shop.doctor();
    expect(doctor.stdout).toMatch(/✓ Nothing is wrong/);
    expect(doctor.code).toBe(0);

    const again = await shop.connect([]);
    expect(again.code).toBe(0);
    expect(again.stdout).toMatch(/✓ Nothing has changed/);
    expect(again.stdout).toMatch(/✓ Deliveries have come, the last at /);
  });
});

test('a profile that Meta does not tell only leaves the name out; the dashboard test is no customer', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  await shop.meta.verifyAndSave(`${url}/api/webhook`);
  const running = shop.start(['--public-url', url, '--wait', '60']);
  await expect.poll(running.output).toMatch(/✓ Meta delivers to this address already\n.*\n?.*Waiting for it/);
  await shop.meta.deliver(message('12334', 'random_mid'));
  await expect.poll(running.output).toMatch(/dashboard's own test message arrived/);
  shop.meta.world.state.threads.set('424242', { isBlocked: true });
  await shop.meta.deliver(message('424242', 'mid_of_a_stranger'));
  expect((await running.ended).stdout).toMatch(/It is from id 424242\n/);
});

function message(customerId: string, mid: string) {
  const item = {
    sender: { id: customerId },
    recipient: { id: accountId },
    timestamp: Date.now(),
    message: { mid, text: 'x' },
  };
  return { object: 'instagram', entry: [{ id: accountId, time: Date.now(), messaging: [item] }] };
}

test('no message in time ends with 1 and points to the doctor', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  const { code, stderr } = await shop.connect(['--public-url', url, '--wait', '0.5']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /No handshake came in time\. .*npm run doctor\n.*npm run connect -- --public-url http/,
  );
});

test('Ctrl-C ends the waiting in words', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  const running = shop.start(['--public-url', url]);
  await expect.poll(running.output).toMatch(/Waiting for/);
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ Stopped waiting\. Everything so far is stored\./);
});

test('an app that delivers elsewhere is told before it is moved', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  shop.meta.setCallbackUrl('https://old.example/api/webhook');
  const { code, stdout } = await shop.connect(['--public-url', url, '--wait', '0']);
  expect(stdout).toMatch(
    /! The app delivers to https:\/\/old\.example\/api\/webhook now\. .* ends delivery there/,
  );
  expect(stdout).toMatch(/\[callback_elsewhere\]/);
  expect(code).toBe(0);
});

test('--wait 0 tells what to paste and does not wait', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  const { code, stdout } = await shop.connect(['--public-url', url, '--wait', '0']);
  expect(stdout).toContain(`Verify token   ${verifyToken}`);
  expect(stdout).not.toContain('Waiting');
  expect(code).toBe(0);
});

test('a running gateway takes new values without a restart', async () => {
  const shop = await connected('facebook');
  const { url } = await dev(shop);
  const { stdout } = await shop.connect([
    '--verify-token',
    'ANOTHER-verify-token',
    '--public-url',
    url,
    '--wait',
    '0',
  ]);
  expect(stdout).toMatch(
    /✓ Written to \.env\.local: WEBHOOK_VERIFY_TOKEN\n✓ The running gateway has it too\n/,
  );
  expect(stdout).toMatch(/leads to this gateway/);
});

test('a gateway that runs with the simulator of its own has to be started again', async () => {
  const shop = await openShop();
  const { url } = await dev(shop, { SIMULATOR_PORT: '0' });
  const flags = facebookFlags(shop.meta.world.state.tokens.issueShortLived('user').value);
  const { code, stderr } = await shop.connect([...flags, '--public-url', url]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /end "npm run dev" and start it again\.\nThen: npm run connect -- --public-url http/,
  );
  expect(shop.settings()).toHaveProperty('PAGE_ACCESS_TOKEN');
});

describe('a public address where something else answers', () => {
  async function refused(answering: Parameters<typeof startServer>[0]): Promise<string> {
    const shop = await connected('facebook');
    await dev(shop);
    const other = await startServer(answering);
    onTestFinished(() => other.stop());
    const { code, stderr } = await shop.connect(['--public-url', other.url]);
    expect(code).toBe(1);
    expect(shop.settings()).not.toHaveProperty('PUBLIC_URL');
    return stderr;
  }

  test('a page of HTML', async () => {
    const html = { 'content-type': 'text/html' };
    expect(await refused((_, response) => response.writeHead(200, html).end('<html>'))).toMatch(
      /answers with a web page: .*a page of HTML/,
    );
  });

  test('a redirect', async () => {
    const to = { location: 'https://elsewhere.example/login?x=1' };
    expect(await refused((_, response) => response.writeHead(302, to).end())).toMatch(
      /redirects: .*302 and leads to https:\/\/elsewhere\.example\/login\n/,
    );
  });

  test('another gateway, with another verify token', async () => {
    expect(await refused((_, response) => response.writeHead(403).end('{}'))).toMatch(/403: .*verify token/);
  });

  test('a gateway that is not connected', async () => {
    expect(await refused((_, response) => response.writeHead(503).end('{}'))).toMatch(
      /503: it is not connected/,
    );
  });

  test('another gateway with the same verify token', async () => {
    expect(await refused(({ url }, response) => response.end(url.searchParams.get('hub.challenge')))).toMatch(
      /this gateway has not seen it/,
    );
  }, 60_000);

  test('nobody', async () => {
    const shop = await connected('facebook');
    await dev(shop);
    const gone = await startServer(() => {});
    await gone.stop();
    const { code, stderr } = await shop.connect(['--public-url', gone.url]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nobody answers at the public address: .*ECONNREFUSED/);
  });
});

test('without a running gateway it says how to start one', async () => {
  const shop = await connected('facebook');
  const { code, stderr } = await shop.connect(['--public-url', 'https://shop.example']);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /start it with "npm run dev"\.\nThen: npm run connect -- --public-url https:\/\/shop\.example/,
  );
});
