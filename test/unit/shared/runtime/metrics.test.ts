import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let metrics: typeof import('../../../../shared/runtime/metrics.ts');

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_760_000_000_000 });
  vi.resetModules();
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Stack');
  metrics = await import('../../../../shared/runtime/metrics.ts');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

test('counts are members of the line, and told to CloudWatch in the namespace of the stack', () => {
  const { measured, metricNames } = metrics;
  expect(measured({ [metricNames.eventsStored]: 3, [metricNames.lagMs]: 12 })).toEqual({
    EventsStored: 3,
    LagMs: 12,
    _aws: {
      Timestamp: 1_760_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Stack',
          Dimensions: [[]],
          Metrics: [
            { Name: 'EventsStored', Unit: 'Count' },
            { Name: 'LagMs', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
  });
});

test('a zero is told twice a minute, a count each time', () => {
  const { measured, metricNames } = metrics;
  const told = () => {
    const { _aws: _, ...counts } = measured({
      [metricNames.eventsStored]: 1,
      [metricNames.eventsFailed]: 0,
    });
    return counts;
  };
  expect(told()).toEqual({ EventsStored: 1, EventsFailed: 0 });
  expect(told()).toEqual({ EventsStored: 1 });
  vi.advanceTimersByTime(30_000);
  expect(told()).toEqual({ EventsStored: 1, EventsFailed: 0 });
  expect(measured({ [metricNames.eventsFailed]: 0 })).toEqual({});
});

test('a command of the owner tells none', () => {
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', '');
  expect(metrics.measured({ [metrics.metricNames.graphErrors]: 1 })).toEqual({});
});
