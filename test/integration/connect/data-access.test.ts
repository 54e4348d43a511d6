import { expect, onTestFinished, test, vi } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import { checkAccount } from '../../../shared/account/check-account.ts';
import type { CheckReport } from '../../../shared/account/findings.ts';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { tokenDaysLeft } from '../../../shared/account/token-days-left.ts';
import { deploy } from './deployed.ts';
import { accountId, facebookFlags, metaApp, openShop, verifyToken } from './fixture.ts';

const dayMs = 24 * 60 * 60 * 1000;
const soon = 'data_access_expires_soon';

test('access to data that a person has to renew is warned of at each step, and good again after connect', async () => {
  const startMs = Date.now() - 91 * dayMs;
  const clock = createClock({ startMs });
  const shop = await openShop({ clock });
  vi.stubEnv('GRAPH_API_BASE_URL', shop.meta.url);
  vi.stubEnv('GRAPH_API_VERSION', 'v25.0');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const token = shop.meta.world.account.accessToken;

  const onDay = async (day: number) => {
    await clock.advance(startMs + day * dayMs - clock.nowMs());
    const { report } = await checkAccount({
      connection: {
        webhook: {
          apps: [{ app_id: metaApp.id, app_secret: metaApp.secret }],
          verify_token: verifyToken,
        },
        graph: { access_token: token, ig_user_id: accountId, login: 'facebook' },
      },
      observed: {},
      graphVersion: 'v25.0',
      nowMs: clock.nowMs(),
    });
    // What the alarms of 14 and 3 days go by.
    return { warned: warnedOf(report), daysLeft: Math.floor(tokenDaysLeft(report) ?? Number.NaN) };
  };
  expect(await onDay(1.5)).toEqual({ warned: [], daysLeft: 88 });
  expect(await onDay(75.5)).toEqual({ warned: [], daysLeft: 14 });
  expect(await onDay(76.5)).toEqual({ warned: [expect.stringMatching(/^It ends in 13 days/)], daysLeft: 13 });
  expect(await onDay(87.5)).toEqual({ warned: [expect.stringMatching(/^It ends in 2 days/)], daysLeft: 2 });
  expect(await onDay(90.5)).toEqual({ warned: [expect.stringMatching(/^It ended at/)], daysLeft: -1 });

  await clock.advance(dayMs / 2);
  const { gateway, env } = await deploy(shop, {
    schedulePeriodMs: 1_000,
    settings: {
      PAGE_ACCESS_TOKEN: token,
      APP_ID: metaApp.id,
      APP_SECRET: metaApp.secret,
    },
  });
  const status = async () => {
    const response = await fetch(`${gateway.url}/api/status`, {
      headers: { authorization: `Bearer ${gateway.apiKey}` },
    });
    return ((await response.json()) as { data: StatusView }).data;
  };
  await expect.poll(async () => warnedOf(await status()), { timeout: 30_000 }).toHaveLength(1);

  // The person logs in again, and with that renews it.
  const user = shop.meta.world.state.tokens.issueShortLived('user').value;
  await shop.connect([...facebookFlags(user), '--stage', 'test', '--wait', '0'], env);
  await expect.poll(async () => warnedOf(await status()), { timeout: 30_000 }).toEqual([]);
  const { account } = await status();
  expect(account).not.toHaveProperty('token_expires_at');
  expect(Date.parse(account.data_access_expires_at ?? '')).toBeGreaterThan(clock.nowMs() + 89 * dayMs);
});

const warnedOf = ({ findings }: Pick<CheckReport, 'findings'> | StatusView) =>
  findings.flatMap(({ code, found }) => (code === soon ? [found] : []));
