import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkAccount } from '../../../../shared/account/check-account.ts';
import {
  accountId,
  type ConnectedAccount,
  connectedAccount,
  metaApp,
} from '../../../builders/connected-account.ts';

let connected: ConnectedAccount | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await connected?.meta.stop();
});

describe('an account with which nothing is wrong', () => {
  test('has no finding with Facebook login, and everything is checked', async () => {
    connected = await connectedAccount('facebook');
    const { report, callbackUrl } = await checkAccount(connected.input);
    expect(report).toMatchObject({
      account: {
        login: 'facebook',
        ig_user_id: accountId,
        username: 'shop',
        page_id: connected.meta.world.state.pageId,
        app_id: metaApp.id,
        subscribed_fields: expect.arrayContaining(['messages']),
      },
      findings: [],
      unchecked: [],
    });
    expect(report.account).not.toHaveProperty('token_expires_at');
    expect(callbackUrl).toBe('http://127.0.0.1:9/api/webhook');
  });

  test('has no finding with Instagram login, where Meta tells less', async () => {
    connected = await connectedAccount('instagram');
    const { report } = await checkAccount(connected.input);
    expect(report.findings).toEqual([]);
    expect(report.unchecked.map(({ check }) => check)).toEqual(['when the token ends']);
    expect(report.account).toMatchObject({ login: 'instagram', ig_user_id: accountId, username: 'shop' });
  });
});
