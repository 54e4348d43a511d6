import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { findingCatalogue } from '../../shared/account/finding-catalogue.ts';
import type { EventQueue } from './event-queue.ts';

export interface AlarmsProps {
  readonly events: EventQueue;
  /** Absent: nobody is told. */
  readonly email?: string;
}

/**
 * Tells somebody when something breaks. The topic is not encrypted at rest: CloudWatch cannot publish to a topic
 * under AWS's own KMS key, and an alarm names no customer.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { events, email }: AlarmsProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    allowCloudWatch(topic);

    const { title, means, remedy } = findingCatalogue.dead_letters_waiting;
    const deadLetters = new Alarm(this, 'DeadLetters', {
      alarmDescription: `${title}. ${means} ${remedy}`,
      metric: events.deadLetterQueue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      // SQS measures no queue that was empty and untouched for six hours: no data is the good news here.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    deadLetters.addAlarmAction(new SnsAction(topic));
    deadLetters.addOkAction(new SnsAction(topic));
  }
}

/** The statement that refuses plain HTTP replaces the topic's default policy, which lets alarms of the account publish. */
function allowCloudWatch(topic: Topic): void {
  const { account } = Stack.of(topic);
  topic.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
}
