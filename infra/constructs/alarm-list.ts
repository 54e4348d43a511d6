import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type MetricName, metricNames } from '../../shared/runtime/metrics.ts';
import { ownMetric } from './own-metric.ts';

export interface AlarmEntry {
  /** Names its section of docs/runbook.md, by that section's anchor. */
  readonly section: string;
  /** Its own name, where several share a section. Default: the section's. */
  readonly name?: string;
  /** One sentence: what has happened. */
  readonly says: string;
  readonly metric: Metric;
  readonly threshold: number;
  /** Default: above the threshold. */
  readonly comparison?: ComparisonOperator;
  /** How many periods in a row. Default one. */
  readonly periods?: number;
  /** Default: no data is good news. */
  readonly missing?: TreatMissingData;
}

export interface QueuePair {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

export interface AlarmSources {
  readonly events: QueuePair;
  readonly sends: QueuePair;
  readonly lookups: QueuePair;
  readonly webhookFailures: Metric;
  /** Of the published events. */
  readonly subscribers: readonly (QueuePair & { readonly name: string })[];
}

const minute = Duration.minutes(1);
const fiveMinutes = Duration.minutes(5);
const hour = Duration.hours(1);

/** Everything that rings, and when. */
export function alarmList(scope: Construct, sources: AlarmSources): readonly AlarmEntry[] {
  const own = (name: MetricName, period: Duration, statistic = 'Sum') =>
    ownMetric(scope, name, { period, statistic });
  const tokenEnds = {
    metric: own(metricNames.tokenDaysLeft, hour, 'Minimum'),
    comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
  };
  return [
    deadLetters('events', sources.events, 'Events could not be stored'),
    deadLetters('sends', sources.sends, 'A conversation could not be delivered to'),
    deadLetters('lookups', sources.lookups, 'Something could not be looked up at Meta'),
    ...sources.subscribers.map(({ name, ...queues }) => ({
      ...deadLetters('subscribers', queues, `${name} could not deal with events`),
      name: `dead-letters-of-${name}`,
    })),
    {
      section: 'events-wait',
      says: 'Events have waited for more than ten minutes to be stored.',
      metric: sources.events.queue.metricApproximateAgeOfOldestMessage({
        period: minute,
        statistic: 'Maximum',
      }),
      threshold: Duration.minutes(10).toSeconds(),
      // One failed try hides an event for a while; a queue that moves forgets it again.
      periods: 3,
    },
    {
      section: 'webhook-failures',
      says: 'Meta was answered with a 5xx or a 429, and counts that as a failed delivery.',
      metric: sources.webhookFailures,
      threshold: 0,
    },
    {
      section: 'signature-failures',
      says: 'Deliveries were refused for their signature.',
      metric: own(metricNames.signatureFailures, hour),
      // Anybody can post one; Meta tries each of its own several times within the hour.
      threshold: 2,
    },
    {
      section: 'messages-recovered',
      says: 'Messages were found at Meta that no webhook had brought.',
      metric: own(metricNames.messagesRecovered, hour),
      threshold: 0,
    },
    {
      section: 'lag',
      says: "Events are stored more than a minute after Meta's own time of them.",
      metric: own(metricNames.lagMs, fiveMinutes, 'Maximum'),
      threshold: Duration.minutes(1).toMilliseconds(),
      // One delivery that Meta repeats is late for once.
      periods: 3,
    },
    {
      section: 'token-ends-in-14-days',
      says: "The token, or the app's access to data, ends within 14 days.",
      ...tokenEnds,
      threshold: 14,
    },
    {
      section: 'token-ends-in-3-days',
      says: "The token, or the app's access to data, ends within 3 days.",
      ...tokenEnds,
      threshold: 3,
    },
    {
      section: 'graph-errors',
      says: 'Meta failed, throttled or refused calls of the account as a whole.',
      metric: own(metricNames.graphErrors, fiveMinutes),
      // A call now and then fails and is made again.
      threshold: 4,
    },
    {
      section: 'unknown-sends',
      says: 'It is not known whether a message reached its customer, and nobody will find out unless somebody looks.',
      metric: own(metricNames.sendsUnknown, fiveMinutes, 'Maximum'),
      threshold: 0,
    },
    {
      section: 'account-errors',
      says: 'The hourly check of the connection to Meta found an error, or did not run.',
      metric: own(metricNames.accountErrors, hour, 'Maximum'),
      threshold: 0,
      // The only thing that watches the check itself.
      missing: TreatMissingData.BREACHING,
    },
  ];
}

function deadLetters(
  name: 'events' | 'sends' | 'lookups' | 'subscribers',
  { deadLetterQueue }: QueuePair,
  says: string,
): AlarmEntry {
  return {
    section: `dead-letters-of-${name}`,
    says: `${says}, after all tries.`,
    metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period: minute,
      statistic: 'Maximum',
    }),
    threshold: 0,
  };
}
