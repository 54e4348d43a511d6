import { createClock } from '../../../../infra/meta-simulator/clock.ts';
import { facebookPermissions, instagramPermissions } from '../../../../shared/account/finding-catalogue.ts';
import { tokenMark } from '../../../../shared/instagram/token-mark.ts';
import { type BrokenState, configured, observing } from '../../../builders/broken-account.ts';
import { accountId, metaApp } from '../../../builders/connected-account.ts';

const dayMs = 24 * 3_600_000;

/** What can be wrong with the token and the account behind it. */
export const tokenStates: readonly BrokenState[] = [
  {
    state: 'no token',
    code: 'not_connected',
    breakIt: ({ input }) => ({ ...input, connection: {} }),
  },
  {
    state: 'no app id',
    code: 'app_id_unset',
    breakIt: (connected) =>
      configured(connected, {
        apps: connected.input.connection.webhook?.apps.map(({ app_secret }) => ({ app_secret })) ?? [],
      }),
  },
  {
    state: 'an app id that does not go with its secret',
    code: 'app_id_wrong',
    logins: ['facebook'],
    breakIt: (connected) => configured(connected, { apps: [{ app_id: '999', app_secret: metaApp.secret }] }),
  },
  {
    state: 'a User token pasted as PAGE_ACCESS_TOKEN',
    code: 'token_is_user_token',
    logins: ['facebook'],
    breakIt: (connected) =>
      configured(connected, {
        access_token: connected.meta.world.state.tokens.issueLongLived('user').value,
      }),
  },
  { state: 'an expired token', code: 'token_expired', options: { switches: { tokenSubcode: 463 } } },
  {
    state: 'a changed password',
    code: 'token_password_changed',
    options: { switches: { tokenSubcode: 460 } },
  },
  {
    state: 'an app that was removed',
    code: 'token_app_removed',
    options: { switches: { tokenSubcode: 458 } },
  },
  {
    state: 'a token that is none',
    code: 'token_invalid',
    breakIt: (connected) => configured(connected, { access_token: 'EAAB-cut-off' }),
  },
  {
    state: 'a session that is not valid',
    code: 'token_invalid',
    options: { switches: { tokenSubcode: 461 } },
  },
  {
    state: 'a token that is refused now and then',
    code: 'token_expired',
    options: { faults: { token_refused: { probability: 1, value: 463 } } },
  },
  {
    state: 'a proof that Meta wants and does not get',
    code: 'proof_refused',
    logins: ['facebook'],
    options: { switches: { requireProof: true } },
  },
  {
    state: 'a token that ends within days',
    code: 'token_expires_soon',
    options: (login) =>
      login === 'instagram' ? { readings: { debugTokenOfInstagramLogin: 'accepted' } } : {},
    breakIt: (connected, login) => {
      const { tokens } = connected.meta.world.state;
      const token =
        login === 'facebook'
          ? tokens.issuePageToken({ expiresAtMs: connected.input.nowMs + 3 * dayMs })
          : tokens.issueShortLived('instagram');
      return configured(connected, { access_token: token.value });
    },
  },
  {
    state: 'a token that was refreshed last eleven days ago',
    code: 'token_not_refreshed',
    logins: ['instagram'],
    breakIt: (connected) =>
      configured(connected, {
        refreshed_at: Math.floor((connected.input.nowMs - 11 * dayMs) / 1000),
        token_expires_at: Math.floor((connected.input.nowMs + 49 * dayMs) / 1000),
      }),
  },
  {
    state: 'a token that is used for eleven days and was never refreshed',
    code: 'token_not_refreshed',
    logins: ['instagram'],
    breakIt: (connected) => {
      const { graph } = connected.input.connection;
      return observing(connected, {
        tokenMark: graph && tokenMark(graph),
        tokenSeenAtMs: connected.input.nowMs - 11 * dayMs,
      });
    },
  },
  {
    state: "access to data that ends within days, with a token that doesn't",
    code: 'data_access_expires_soon',
    logins: ['facebook'],
    options: () => ({ clock: createClock({ startMs: Date.now() - 80 * dayMs }), nowMs: Date.now() }),
    breakIt: async ({ clock, input }) => {
      await clock.advance(80 * dayMs);
      return input;
    },
  },
  {
    state: "a token of another app than the webhook's",
    code: 'token_of_another_app',
    logins: ['facebook'],
    options: { switches: { tokenAppId: '555000000000001' } },
  },
  {
    state: "a token of another app, whose pair is configured behind the webhook's",
    code: 'token_of_another_app',
    logins: ['facebook'],
    options: { switches: { tokenAppId: '555000000000001' } },
    breakIt: (connected) => {
      const { id, secret } = connected.meta.world.state.otherApp;
      const apps = connected.input.connection.webhook?.apps ?? [];
      return configured(connected, { apps: [...apps, { app_id: id, app_secret: secret }] });
    },
  },
  {
    state: 'a token of another app with Instagram login, where Meta tells only whom it delivers to',
    code: 'token_of_another_app',
    logins: ['instagram'],
    options: { switches: { tokenAppId: '555000000000001' } },
  },
  ...facebookPermissions.map(
    (permission): BrokenState => ({
      state: `a token without ${permission}`,
      code: `permission_missing_${permission}`,
      logins: ['facebook'],
      options: { switches: { missingPermissions: [permission] } },
    }),
  ),
  ...instagramPermissions.map(
    (permission): BrokenState => ({
      state: `a token without ${permission}`,
      code: `permission_missing_${permission}`,
      logins: ['instagram'],
      options: { switches: { missingPermissions: [permission] } },
    }),
  ),
  ...instagramPermissions.map(
    (permission): BrokenState => ({
      state: `a token without ${permission}, where Meta tells so`,
      code: `permission_missing_${permission}`,
      logins: ['instagram'],
      options: {
        switches: { missingPermissions: [permission] },
        readings: { debugTokenOfInstagramLogin: 'accepted' },
      },
    }),
  ),
  {
    state: 'a Page that is not linked',
    code: 'page_not_linked',
    logins: ['facebook'],
    options: { switches: { pageLinked: false } },
  },
  {
    state: 'an account that is not professional',
    code: 'account_not_professional',
    options: { switches: { accountType: 'PERSONAL' } },
  },
  {
    state: 'IG_USER_ID is the id of the Page',
    code: 'ig_user_id_is_page_id',
    logins: ['facebook'],
    breakIt: (connected) => configured(connected, { ig_user_id: connected.meta.world.state.pageId }),
  },
  {
    state: 'IG_USER_ID is an app-scoped id',
    code: 'ig_user_id_is_app_scoped_id',
    logins: ['instagram'],
    breakIt: (connected) => configured(connected, { ig_user_id: connected.meta.world.state.appScopedId }),
  },
  {
    state: 'IG_USER_ID is of another account',
    code: 'ig_user_id_of_another_account',
    breakIt: (connected) => configured(connected, { ig_user_id: `${accountId.slice(0, -1)}9` }),
  },
  {
    state: 'Meta out of reach',
    code: 'meta_unreachable',
    breakIt: async (connected) => {
      await connected.meta.stop();
      return observing(connected, {});
    },
  },
];
