import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { type MetricName, metricNames } from '../../shared/runtime/metrics.ts';
import type { AlarmSources } from './alarm-list.ts';
import { ownMetric } from './own-metric.ts';

export interface DashboardProps extends AlarmSources {
  readonly alarms: readonly Alarm[];
}

const period = Duration.minutes(5);
const widgetsInARow = 3;
const rowUnits = 24;

/** One page: the alarms, then what comes in, how late, what waits, what goes out, and the account. */
export class Dashboard extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { alarms, events, sends, lookups, webhookFailures, subscribers }: DashboardProps,
  ) {
    super(scope, id);
    const own = (name: MetricName, statistic = 'Sum') => ownMetric(this, name, { period, statistic });
    const graph = (title: string, ...left: IMetric[]) =>
      new GraphWidget({ title, left, width: rowUnits / widgetsInARow, leftYAxis: { min: 0 } });
    const queues = [
      ...Object.entries({ events, sends, lookups }),
      ...subscribers.map((subscriber) => [subscriber.name, subscriber] as const),
    ];
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: Stack.of(this).stackName,
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: rowUnits, height: 4 })],
        [
          graph(
            'Events',
            own(metricNames.eventsQueued),
            own(metricNames.eventsStored),
            own(metricNames.eventsFailed),
            own(metricNames.messagesRecovered),
          ),
          graph(
            'From Meta to the store, in ms',
            own(metricNames.lagMs, 'p50'),
            own(metricNames.lagMs, 'p99'),
          ),
          graph('Refused deliveries', webhookFailures, own(metricNames.signatureFailures)),
        ],
        [
          graph(
            'Waiting',
            ...queues.map(([name, { queue }]) =>
              queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label: name }),
            ),
          ),
          graph(
            'Oldest, in s',
            ...queues.map(([name, { queue }]) =>
              queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum', label: name }),
            ),
          ),
          graph(
            'Dead letters',
            ...queues.map(([name, { deadLetterQueue }]) =>
              deadLetterQueue.metricApproximateNumberOfMessagesVisible({
                period,
                statistic: 'Maximum',
                label: name,
              }),
            ),
          ),
        ],
        [
          graph('Meta', own(metricNames.graphErrors), own(metricNames.reconcileThreadsFailed)),
          graph('Sends without an outcome', own(metricNames.sendsUnknown, 'Maximum')),
          graph(
            'Account',
            own(metricNames.accountErrors, 'Maximum'),
            own(metricNames.accountWarnings, 'Maximum'),
            own(metricNames.tokenDaysLeft, 'Minimum'),
            own(metricNames.subscriptionsRenewed),
          ),
        ],
      ],
    });
  }
}
