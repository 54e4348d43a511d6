import { type Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricName } from '../../shared/runtime/metrics.ts';

export interface OwnMetricOptions {
  readonly period: Duration;
  readonly statistic: string;
}

/** A metric that the functions of this stack emit. */
export function ownMetric(scope: Construct, metricName: MetricName, options: OwnMetricOptions): Metric {
  return new Metric({
    namespace: Stack.of(scope).stackName,
    metricName,
    ...options,
  });
}
