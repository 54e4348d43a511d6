import { describe, expect, it } from 'vitest';
import { deploySettings } from '../../infra/deploy-settings.ts';
import { settings } from '../../shared/runtime/environment.ts';

describe('deploySettings', () => {
  it('has defaults, no other address than that of Meta, and nobody to tell', () => {
    expect(deploySettings({ GRAPH_API_BASE_URL: '', HUMAN_AGENT: '', ALARM_EMAIL: '' })).toEqual({
      graph: { GRAPH_API_VERSION: settings.GRAPH_API_VERSION.default, HUMAN_AGENT: 'off' },
    });
  });

  it('takes the values of the environment', () => {
    const graph = {
      GRAPH_API_VERSION: 'v30.0',
      GRAPH_API_BASE_URL: 'https://graph.example',
      HUMAN_AGENT: 'on',
    };
    expect(deploySettings({ ...graph, ALARM_EMAIL: 'shop@example.com', PATH: '/bin' })).toEqual({
      graph,
      alarmEmail: 'shop@example.com',
    });
  });

  it.each(['shop', 'shop@', '@example.com', 'a@b, c@d', 'Shop <shop@example.com>'])(
    'refuses the alarm address %s before anything is deployed',
    (ALARM_EMAIL) => {
      expect(() => deploySettings({ ALARM_EMAIL })).toThrow('ALARM_EMAIL must be an e-mail address');
    },
  );
});
