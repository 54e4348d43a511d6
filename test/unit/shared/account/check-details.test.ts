import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CheckInput, checkAccount } from '../../../../shared/account/check-account.ts';
import type { Finding } from '../../../../shared/account/findings.ts';
import { withoutSecrets } from '../../../../shared/account/redact.ts';
import { configured, observing } from '../../../builders/broken-account.ts';
import {
  type AccountOptions,
  type ConnectedAccount,
  connectedAccount,
  instagramApp,
  type Login,
  metaApp,
} from '../../../builders/connected-account.ts';

const minuteMs = 60_000;

let connected: ConnectedAccount | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await connected?.meta.stop();
});

async function connect(login: Login = 'facebook', options?: AccountOptions): Promise<ConnectedAccount> {
  connected = await connectedAccount(login, options);
  return connected;
}

const codes = ({ findings }: { readonly findings: readonly Finding[] }) => findings.map(({ code }) => code);

describe('what could not be read is told, and is no finding', () => {
  test('a read that drags on', async () => {
    const { input } = await connect('facebook', { faults: { slow_read: { probability: 1, value: 60_000 } } });
    const { report } = await checkAccount(input, { callTimeoutMs: 300 });
    expect(report.findings).toEqual([]);
    expect(report.unchecked).toEqual([
      { check: 'the conversations', why: 'Meta did not answer within 300 ms.' },
    ]);
  });

  test('a call that Meta throttles, once it was tried again', async () => {
    const { input, meta } = await connect('facebook', {
      faults: { account_rate_limited: { probability: 1 } },
    });
    const { report } = await checkAccount(input);
    expect(report.findings).toEqual([]);
    expect(report.unchecked.map(({ check }) => check)).toContain('the account');
    expect(meta.calls.length).toBeGreaterThan(0);
  });

  test('conversations whose turn never comes', async () => {
    const { input } = await connect();
    const { report } = await checkAccount(input, { conversationsTurn: () => Promise.resolve(false) });
    expect(report.unchecked.map(({ check }) => check)).toEqual(['the conversations']);
  });

  test('all that needs a token, in one line, when it is dead', async () => {
    const { input } = await connect('facebook', { switches: { tokenSubcode: 463 } });
    const { report } = await checkAccount(input);
    expect(codes(report)).toEqual(['token_expired']);
    expect(report.unchecked).toHaveLength(1);
  });

  test('queues that nobody looked at', async () => {
    const { input } = await connect();
    const { queues: _, ...rest } = input;
    const { report } = await checkAccount(rest);
    expect(report.unchecked.map(({ check }) => check)).toEqual(['whether all events were stored']);
  });
});

describe('two causes are two findings, errors first', () => {
  test('no conversations, and dead letters', async () => {
    const { input } = await connect('facebook', { isEmpty: true });
    const { report } = await checkAccount({ ...input, queues: { waiting: 0, inFlight: 0, deadLetters: 1 } });
    expect(codes(report)).toEqual(['dead_letters_waiting', 'no_conversations']);
  });

  test('a User token, and no app id that would let Meta say so', async () => {
    const account = await connect();
    const { report } = await checkAccount(
      configured(account, {
        apps: [{ app_secret: metaApp.secret }],
        access_token: account.meta.world.state.tokens.issueLongLived('user').value,
      }),
    );
    expect(codes(report)).toEqual(['token_is_user_token', 'app_id_unset']);
  });
});

describe('what is not wrong', () => {
  test.each([
    ["the Instagram app's pair alone", [instagramApp]],
    ["the Meta app's pair alone", [metaApp]],
    ['both, the other way round', [metaApp, instagramApp]],
  ])('Instagram login with %s, while deliveries come', async (_what, pairs) => {
    const account = await connect('instagram');
    const apps = pairs.map(({ id, secret }) => ({ app_id: id, app_secret: secret }));
    const input = observing(account, { deliverySecretPlace: pairs.indexOf(instagramApp) });
    const { report } = await checkAccount(configured({ input }, { apps }));
    expect(report.findings).toEqual([]);
  });

  test.each(['with_instagram_secret', 'with_facebook_secret', 'ignored'] as const)(
    'Instagram login before the first delivery, where proofs are %s',
    async (proofOnInstagramLogin) => {
      const account = await connect('instagram', { readings: { proofOnInstagramLogin } });
      const input = observing(account, { deliveryAtMs: undefined, deliverySecretPlace: undefined });
      const { report } = await checkAccount(
        configured({ input }, { apps: [{ app_id: instagramApp.id, app_secret: instagramApp.secret }] }),
      );
      expect(report.findings).toEqual([]);
    },
  );

  test('Instagram login where Meta tells an app without its fields', async () => {
    const { input } = await connect('instagram', { readings: { subscribedAppsShape: 'without_fields' } });
    const { report } = await checkAccount(input);
    expect(report.findings).toEqual([]);
    expect(report.unchecked.map(({ check }) => check)).toContain('the subscribed fields');
  });

  test.each([true, false])(
    'an app whose list of webhooks leaves Instagram out, as the reference does (delivered to: %s)',
    async (isDeliveredTo) => {
      const account = await connect('facebook', { readings: { appSubscriptionsOfInstagram: 'absent' } });
      const { report } = await checkAccount(
        isDeliveredTo ? account.input : observing(account, { deliveryAtMs: undefined }),
      );
      expect(report.findings).toEqual([]);
      expect(report.unchecked.map(({ check }) => check)).toEqual([
        "the app's webhook: object, fields, address",
      ]);
    },
  );

  test('an older secret behind the new one', async () => {
    const account = await connect();
    const apps = [
      { app_id: metaApp.id, app_secret: metaApp.secret },
      { app_id: metaApp.id, app_secret: 'the-secret-before-it-was-reset' },
    ];
    const { report } = await checkAccount(configured(account, { apps }));
    expect(report.findings).toEqual([]);
  });

  test('a forged delivery within a minute of a real one, and a wrong handshake before one', async () => {
    const account = await connect();
    const { nowMs } = account.input;
    const { report } = await checkAccount(
      observing(account, {
        deliveryAtMs: nowMs - 2 * minuteMs,
        signatureFailureAtMs: nowMs - 1.5 * minuteMs,
        wrongVerifyTokenAtMs: nowMs - 3 * minuteMs,
      }),
    );
    expect(report.findings).toEqual([]);
  });

  test('a refusal of a day ago', async () => {
    const account = await connect();
    const { nowMs } = account.input;
    const input = observing(account, { refusedSendAtMs: { '200/2018028': nowMs - 25 * 60 * minuteMs } });
    expect((await checkAccount(input)).report.findings).toEqual([]);
  });
});

describe('since when the queue waits', () => {
  const waiting = { waiting: 2, inFlight: 0, deadLetters: 0 };
  const check = async (changes: CheckInput['observed'], queues: CheckInput['queues'] = waiting) => {
    const { nowMs } = (await connect()).input;
    const { report, observe } = await checkAccount({
      connection: {},
      observed: changes,
      ...(queues && { queues }),
      graphVersion: 'v25.0',
      nowMs,
    });
    return { isOld: codes(report).includes('queue_old'), observe, nowMs };
  };

  test('begins with the first look', async () => {
    const { isOld, observe, nowMs } = await check({});
    expect({ isOld, observe }).toEqual({ isOld: false, observe: { queueWaitingSinceMs: nowMs } });
  });

  test('goes on while nothing is stored, and is old after ten minutes', async () => {
    const since = Date.now() - 9 * minuteMs;
    expect(await check({ queueWaitingSinceMs: since })).toMatchObject({ isOld: false, observe: {} });
    const older = Date.now() - 11 * minuteMs;
    expect(await check({ queueWaitingSinceMs: older })).toMatchObject({ isOld: true, observe: {} });
  });

  test('begins anew when something was stored, and ends with an empty queue', async () => {
    const since = Date.now() - 11 * minuteMs;
    const moving = await check({ queueWaitingSinceMs: since, storedAtMs: since + minuteMs });
    expect(moving).toMatchObject({ isOld: false, observe: { queueWaitingSinceMs: moving.nowMs } });
    const empty = await check({ queueWaitingSinceMs: since }, { waiting: 0, inFlight: 0, deadLetters: 0 });
    expect(empty).toMatchObject({ isOld: false, observe: { queueWaitingSinceMs: undefined } });
  });
});

test('a token that Meta quotes is not passed on, be it ours or not', () => {
  const connection = {
    webhook: { apps: [{ app_id: '1', app_secret: 'the-app-secret' }], verify_token: 'right' },
    graph: { access_token: 'IGAAtoken', ig_user_id: '2', login: 'instagram' as const },
  };
  const shown = withoutSecrets(
    { why: ['Malformed token IGAAtoken, EAABwzLixnjYBO1234567890, 1|the-app-secret: it is not right'] },
    connection,
  );
  expect(shown).toEqual({ why: ['Malformed token [hidden], [hidden], [hidden]: it is not right'] });
});
