import { describe, expect, it } from 'vitest';
import { deploySettings } from '../../infra/deploy-settings.ts';
import { settings } from '../../shared/runtime/environment.ts';

describe('deploySettings', () => {
  it('has defaults, no other address than that of Meta, and nobody to tell', () => {
    expect(
      deploySettings({ GRAPH_API_BASE_URL: '', HUMAN_AGENT: '', ALARM_EMAIL: '', MONTHLY_BUDGET_USD: '' }),
    ).toEqual({
      graph: { GRAPH_API_VERSION: settings.GRAPH_API_VERSION.default, HUMAN_AGENT: 'off' },
      resubscribe: 'on',
    });
  });

  it('takes the values of the environment', () => {
    const graph = {
      GRAPH_API_VERSION: 'v30.0',
      GRAPH_API_BASE_URL: 'https://graph.example',
      HUMAN_AGENT: 'on',
    };
    expect(
      deploySettings({ ...graph, ALARM_EMAIL: 'shop@example.com', RESUBSCRIBE: 'off', PATH: '/bin' }),
    ).toEqual({
      graph,
      resubscribe: 'off',
      alarmEmail: 'shop@example.com',
    });
  });

  it.each(['shop', 'shop@', '@example.com', 'a@b, c@d', 'Shop <shop@example.com>'])(
    'refuses the alarm address %s before anything is deployed',
    (ALARM_EMAIL) => {
      expect(() => deploySettings({ ALARM_EMAIL })).toThrow('ALARM_EMAIL must be an e-mail address');
    },
  );

  it('refuses another word than on and off', () => {
    expect(() => deploySettings({ RESUBSCRIBE: 'no' })).toThrow('RESUBSCRIBE must be on or off');
  });

  it('takes a budget, with whom to tell', () => {
    const given = { ALARM_EMAIL: 'shop@example.com', MONTHLY_BUDGET_USD: '12.50' };
    expect(deploySettings(given).monthlyBudget).toEqual({ usd: 12.5, email: 'shop@example.com' });
    expect(() => deploySettings({ MONTHLY_BUDGET_USD: '20' })).toThrow(
      'MONTHLY_BUDGET_USD needs ALARM_EMAIL',
    );
  });

  it.each(['0', '-5', '$20', '1e3', 'NaN'])('refuses the budget %s', (MONTHLY_BUDGET_USD) => {
    const given = { ALARM_EMAIL: 'shop@example.com', MONTHLY_BUDGET_USD };
    expect(() => deploySettings(given)).toThrow('MONTHLY_BUDGET_USD must be an amount');
  });
});
