import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploySettings } from '../../../infra/deploy-settings.ts';
import { resources, synthesise } from '../synthesise.ts';

const subscriptions = (template: Template) => resources(template, 'AWS::SNS::Subscription');
const alarmsTo = (template: Template) =>
  (template.findOutputs('AlarmsTo').AlarmsTo as { Value: string }).Value;

describe('Alarms', () => {
  let template: Template;
  let told: Template;
  beforeAll(async () => {
    template = await synthesise();
    const settings = deploySettings({ ALARM_EMAIL: 'shop@example.com' });
    told = await synthesise({ settings, checked: true });
  });

  it('tell nobody unless an address is set, and the stack says so', () => {
    expect(subscriptions(template)).toEqual([]);
    expect(alarmsTo(template)).toBe('nobody');
  });

  it('write to the address', () => {
    expect(subscriptions(told).map(([, { Properties }]) => Properties)).toEqual([
      { Protocol: 'email', Endpoint: 'shop@example.com', TopicArn: { Ref: topicId(told) } },
    ]);
    expect(alarmsTo(told)).toBe('shop@example.com');
  });

  it('ring when a dead letter is there, and not where there is nothing to measure', () => {
    const alarms = resources(template, 'AWS::CloudWatch::Alarm').filter(
      ([, { Properties }]) => Properties.AlarmName === 'InstagramMessageGateway-dead-letters-of-events',
    );
    expect(alarms.map(([, { Properties }]) => Properties)).toEqual([
      {
        AlarmName: 'InstagramMessageGateway-dead-letters-of-events',
        AlarmDescription: expect.stringContaining('docs/runbook.md#dead-letters-of-events'),
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [
          { Name: 'QueueName', Value: { 'Fn::GetAtt': ['EventsDeadLetterQueueC3DB07E1', 'QueueName'] } },
        ],
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: topicId(template) }],
        OKActions: [{ Ref: topicId(template) }],
      },
    ]);
  });

  it('may publish, though plain HTTP is refused', () => {
    const [policy] = resources(template, 'AWS::SNS::TopicPolicy').filter(([, { Properties }]) =>
      JSON.stringify(Properties.Topics).includes(topicId(template)),
    );
    expect(policy?.[1].Properties.PolicyDocument).toMatchObject({
      Statement: expect.arrayContaining([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        expect.objectContaining({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    });
  });
});

function topicId(template: Template): string {
  const [id] = resources(template, 'AWS::SNS::Topic').find(([found]) => found.startsWith('Alarms')) ?? [];
  if (!id) throw new Error('The template has no topic for alarms.');
  return id;
}
