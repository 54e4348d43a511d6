import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every metric's name, once: alarms and dashboard read them from here. Each costs the owner money a month. */
export const metricNames = {
  eventsQueued: 'EventsQueued',
  foreignObjects: 'ForeignObjects',
  signatureFailures: 'SignatureFailures',
  eventsStored: 'EventsStored',
  eventsUnchanged: 'EventsUnchanged',
  eventsFailed: 'EventsFailed',
  eventsFromTheFuture: 'EventsFromTheFuture',
  /** From Meta's time of an event to its being stored. */
  lagMs: 'LagMs',
  messagesRecovered: 'MessagesRecovered',
  reconcileGaps: 'ReconcileGaps',
  reconcileThreadsFailed: 'ReconcileThreadsFailed',
  /** Calls that Meta failed, throttled or refused for the account as a whole. */
  graphErrors: 'GraphErrors',
  /** A gauge: sends of the last day whose outcome nobody could find out. */
  sendsUnknown: 'SendsUnknown',
  accountErrors: 'AccountErrors',
  accountWarnings: 'AccountWarnings',
  /** A gauge: until the token or the app's access to data ends, whichever is sooner. */
  tokenDaysLeft: 'TokenDaysLeft',
  /** Subscriptions to webhooks that had ended, and that the hourly check renewed. */
  subscriptionsRenewed: 'SubscriptionsRenewed',
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];

/** Those that CloudWatch itself counts in the access log: no function runs when API Gateway refuses a request. */
export const accessLogMetricNames = { webhookFailures: 'WebhookFailures' } as const;

/** The one value of the dimension `service`. With a function's name in it, a metric of several would cost as many times. */
export const metricsService = 'gateway';

const metrics = new Metrics({ serviceName: metricsService });

/**
 * Emits counts in one line of the embedded metric format. Zeros count too: an alarm needs them. Nothing is emitted
 * where no namespace is given: the owner's commands run this code too, and nobody collects what they print.
 */
export function emit(counts: Partial<Record<MetricName, number>>): void {
  if (!process.env.POWERTOOLS_METRICS_NAMESPACE) return;
  for (const [name, value] of Object.entries(counts)) {
    const unit = name === metricNames.lagMs ? MetricUnit.Milliseconds : MetricUnit.Count;
    metrics.addMetric(name, unit, value);
  }
  metrics.publishStoredMetrics();
}
