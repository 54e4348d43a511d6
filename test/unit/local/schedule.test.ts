import { expect, test } from 'vitest';
import { readSchedule } from '../../../infra/local/schedule.ts';

test.each([
  ['rate(1 minute)', 60_000],
  ['rate(5 minutes)', 300_000],
  ['rate(2 hours)', 7_200_000],
  ['rate(1 day)', 86_400_000],
])('%s', (ScheduleExpression, everyMs) => {
  expect(readSchedule('S', 'AWS::Events::Rule', { ScheduleExpression })).toMatchObject({
    everyMs,
    enabled: true,
  });
});

test('both forms of target are read', () => {
  const Target = { Arn: 'arn', Input: '{"a":1}' };
  const ScheduleExpression = 'rate(1 day)';
  expect(readSchedule('S', 'AWS::Scheduler::Schedule', { ScheduleExpression, Target }).targets).toEqual([
    { arn: 'arn', input: { a: 1 } },
  ]);
  expect(
    readSchedule('S', 'AWS::Events::Rule', { ScheduleExpression, Targets: [{ Arn: 'arn' }] }).targets,
  ).toMatchObject([{ arn: 'arn', input: { 'detail-type': 'Scheduled Event', source: 'aws.events' } }]);
});

test.each(['cron(0 3 * * ? *)', 'at(2026-01-01T00:00:00)', 'rate(0.5 days)'])(
  '%s is refused',
  (ScheduleExpression) => {
    expect(() => readSchedule('S', 'AWS::Events::Rule', { ScheduleExpression })).toThrow('only rate(…) is');
  },
);
