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

/** An alarm that looks at a minute needs a zero within it; a zero for each event would cost more than the event. */
const zeroEveryMs = 30_000;
const lastZeroAtMs = new Map<string, number>();

/**
 * Counts as members of a log line, by which CloudWatch reads them from it: the embedded metric format, in the namespace
 * of the stack and without dimensions. One line of facts and counts is half the log of two. A count of zero is told
 * too, twice a minute of a process at most. Nothing is told where no namespace is given: the owner's commands run this
 * code too, and nobody collects what they print.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function measured(counts: Partial<Record<MetricName, number>>): Record<string, unknown> {
  const namespace = process.env.POWERTOOLS_METRICS_NAMESPACE;
  if (!namespace) return {};
  const nowMs = Date.now();
  const told = Object.entries(counts).filter(([name, value]) => value !== 0 || isZeroDue(name, nowMs));
  if (told.length === 0) return {};
  const metrics = told.map(([Name]) => ({
    Name,
    Unit: Name === metricNames.lagMs ? 'Milliseconds' : 'Count',
  }));
  return {
    ...Object.fromEntries(told),
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[]], Metrics: metrics }],
    },
  };
}

function isZeroDue(name: string, nowMs: number): boolean {
  if (nowMs - (lastZeroAtMs.get(name) ?? 0) < zeroEveryMs) return false;
  lastZeroAtMs.set(name, nowMs);
  return true;
}
