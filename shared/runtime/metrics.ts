import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Every metric's name, once: alarms and dashboards read them from here. */
export const metricNames = {
  eventsQueued: 'EventsQueued',
  foreignObjects: 'ForeignObjects',
  signatureFailures: 'SignatureFailures',
  eventsStored: 'EventsStored',
  eventsUnchanged: 'EventsUnchanged',
  eventsFailed: 'EventsFailed',
  eventsFromTheFuture: 'EventsFromTheFuture',
  lagMs: 'LagMs',
  messagesRecovered: 'MessagesRecovered',
  reconcileGaps: 'ReconcileGaps',
  reconcileThreadsFailed: 'ReconcileThreadsFailed',
  accountErrors: 'AccountErrors',
  accountWarnings: 'AccountWarnings',
} as const;

export type MetricName = (typeof metricNames)[keyof typeof metricNames];

const metrics = new Metrics();

/** Emits counts in one line of the embedded metric format. Zeros count too: an alarm needs them. */
export function emit(counts: Partial<Record<MetricName, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    const unit = name === metricNames.lagMs ? MetricUnit.Milliseconds : MetricUnit.Count;
    metrics.addMetric(name, unit, value);
  }
  metrics.publishStoredMetrics();
}
