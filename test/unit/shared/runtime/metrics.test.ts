import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let lines: string[];
const loadMetrics = () => import('../../../../shared/runtime/metrics.ts');

beforeEach(() => {
  lines = [];
  vi.resetModules();
  // The library prints through the console that Lambda gives it.
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('zeros and values are one line, under the namespace of the stack and one service', async () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Stack');
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'store-events');
  const { emit, metricNames } = await loadMetrics();
  emit({ [metricNames.eventsStored]: 0, [metricNames.lagMs]: 12 });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({
      service: 'gateway',
      EventsStored: 0,
      LagMs: 12,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [
          {
            Namespace: 'Stack',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'EventsStored', Unit: 'Count' },
              { Name: 'LagMs', Unit: 'Milliseconds' },
            ],
          },
        ],
      }),
    }),
  ]);
});

test('a command of the owner prints none', async () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', '');
  const { emit, metricNames } = await loadMetrics();
  emit({ [metricNames.graphErrors]: 1 });
  expect(lines).toEqual([]);
});
