import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkAccount } from '../../../../shared/account/check-account.ts';
import { findingCatalogue } from '../../../../shared/account/finding-catalogue.ts';
import { configured } from '../../../builders/broken-account.ts';
import { type ConnectedAccount, connectedAccount } from '../../../builders/connected-account.ts';
import { stackStates } from '../../operate/doctor/stack-states.ts';
import { callbackStates } from './callback-states.ts';
import { tokenStates } from './token-states.ts';
import { webhookStates } from './webhook-states.ts';

let connected: ConnectedAccount | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await connected?.meta.stop();
});

describe('the codes of the catalogue', () => {
  test('are each produced by a state, and by no other way', () => {
    const produced = [...tokenStates, ...webhookStates, ...callbackStates, ...stackStates];
    expect([...new Set(produced.map(({ code }) => code))].sort()).toEqual(
      Object.keys(findingCatalogue).sort(),
    );
  });

  test('are about absent variables in three cases at most', async () => {
    connected = await connectedAccount('facebook');
    const { webhook, graph } = connected.input.connection;
    const withoutIds = webhook?.apps.map(({ app_secret }) => ({ app_secret })) ?? [];
    const inputs = [
      { ...connected.input, connection: {} },
      { ...connected.input, connection: { ...(webhook && { webhook }) } },
      { ...connected.input, connection: { ...(graph && { graph }) } },
      configured(connected, { apps: withoutIds }),
    ];
    const reports = [];
    for (const input of inputs) reports.push((await checkAccount(input)).report);
    const codes = new Set(reports.flatMap(({ findings }) => findings.map(({ code }) => code)));
    // What an absent ALARM_EMAIL gives is the deployed stack's to tell.
    expect([...codes, 'alarm_address_unset'].sort()).toEqual([
      'alarm_address_unset',
      'app_id_unset',
      'not_connected',
    ]);
  });
});
