import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkAccount } from '../../../../shared/account/check-account.ts';
import { findingCatalogue } from '../../../../shared/account/finding-catalogue.ts';
import type { BrokenState } from '../../../builders/broken-account.ts';
import {
  type ConnectedAccount,
  connectedAccount,
  type Login,
  secretsOf,
} from '../../../builders/connected-account.ts';
import { callbackStates } from './callback-states.ts';
import { tokenStates } from './token-states.ts';
import { webhookStates } from './webhook-states.ts';

let connected: ConnectedAccount | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await connected?.meta.stop();
  connected = undefined;
});

const cases = [...tokenStates, ...webhookStates, ...callbackStates].flatMap((broken) =>
  (broken.logins ?? (['facebook', 'instagram'] as const)).map((login) => ({ ...broken, login })),
);

describe('each state has its own code', () => {
  test.each(cases)('$state, $login login: $code', async (broken) => {
    const { report } = await check(broken, broken.login);
    expect(report.findings.map(({ code }) => code)).toEqual([broken.code]);
    const [found] = report.findings;
    expect(found).toMatchObject({
      severity: findingCatalogue[broken.code].severity,
      to_do: findingCatalogue[broken.code].remedy,
    });
    for (const secret of secretsOf(connected)) expect(JSON.stringify(report)).not.toContain(secret);
  });
});

async function check(broken: BrokenState, login: Login) {
  const { options = {}, breakIt } = broken;
  connected = await connectedAccount(login, typeof options === 'function' ? options(login) : options);
  const input = (await breakIt?.(connected, login)) ?? connected.input;
  return checkAccount(input);
}
