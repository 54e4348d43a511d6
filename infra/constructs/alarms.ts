import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarmName, runbookSection } from '../alarm-name.ts';
import { type AlarmEntry, type AlarmSources, alarmList } from './alarm-list.ts';

export interface AlarmsProps extends AlarmSources {
  /** Absent: nobody is told. */
  readonly email?: string;
}

/**
 * Tells somebody when something breaks, and when it is well again. The topic is not encrypted at rest: CloudWatch
 * cannot publish to a topic under AWS's own KMS key, and an alarm names no customer.
 */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, { email, ...sources }: AlarmsProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    allowCloudWatch(topic);
    this.all = alarmList(this, sources).map((entry) => this.#alarm(entry, new SnsAction(topic)));
  }

  #alarm(entry: AlarmEntry, action: SnsAction) {
    const { section, name = section, says, metric, threshold, comparison, periods, missing } = entry;
    const alarm = new Alarm(this, name, {
      // Named, since the name is the subject of the mail and what `npm run test-alarm` asks for.
      alarmName: alarmName(Stack.of(this).stackName, name),
      alarmDescription: `${says} What to do: ${runbookSection(section)}`,
      metric,
      threshold,
      comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods ?? 1,
      // Nothing is measured while nobody writes, and SQS measures no queue that was untouched for six hours.
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
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
