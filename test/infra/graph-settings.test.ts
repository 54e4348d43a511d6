import { describe, expect, it } from 'vitest';
import { graphSettings } from '../../infra/graph-settings.ts';
import { settings } from '../../shared/runtime/environment.ts';

describe('graphSettings', () => {
  it('has defaults, and no other address than that of Meta', () => {
    expect(graphSettings({ GRAPH_API_BASE_URL: '', HUMAN_AGENT: '' })).toEqual({
      GRAPH_API_VERSION: settings.GRAPH_API_VERSION.default,
      HUMAN_AGENT: 'off',
    });
  });

  it('takes the values of the environment', () => {
    const environment = {
      GRAPH_API_VERSION: 'v30.0',
      GRAPH_API_BASE_URL: 'https://graph.example',
      HUMAN_AGENT: 'on',
    };
    expect(graphSettings({ ...environment, PATH: '/bin' })).toEqual(environment);
  });
});
