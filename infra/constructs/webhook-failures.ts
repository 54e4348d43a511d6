import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogMetricNames } from '../../shared/runtime/metrics.ts';

/**
 * Counts deliveries that Meta was answered with a 5xx or a 429, in the access log: API Gateway answers some itself,
 * and its own metrics do not tell the routes apart unless each is paid for.
 */
export class WebhookFailures extends Construct {
  readonly metric: Metric;

  constructor(scope: Construct, id: string, { accessLog }: { readonly accessLog: ILogGroup }) {
    super(scope, id);
    const isDelivery = FilterPattern.stringValue('$.routeKey', '=', 'POST /api/webhook');
    const isFailure = FilterPattern.any(
      FilterPattern.stringValue('$.status', '=', '5*'),
      FilterPattern.stringValue('$.status', '=', '429'),
    );
    const filter = new MetricFilter(this, 'Filter', {
      logGroup: accessLog,
      filterPattern: FilterPattern.all(isDelivery, isFailure),
      metricNamespace: Stack.of(this).stackName,
      metricName: accessLogMetricNames.webhookFailures,
      metricValue: '1',
      defaultValue: 0,
    });
    this.metric = filter.metric({ period: Duration.minutes(5), statistic: 'Sum' });
  }
}
