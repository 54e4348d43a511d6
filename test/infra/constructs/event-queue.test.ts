import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, resources, synthesise } from '../synthesise.ts';

const queueId = 'EventsQueue7396B467';
const deadLetterQueueId = 'EventsDeadLetterQueueC3DB07E1';

describe('EventQueue', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise();
  });

  const ownQueues = () => resources(template, 'AWS::SQS::Queue').filter(([id]) => id.startsWith('Events'));

  it('holds 1 MiB messages for 4 days, and gives up after 5 tries', () => {
    const queues = Object.fromEntries(ownQueues());
    expect(Object.keys(queues).toSorted()).toEqual([deadLetterQueueId, queueId]);
    expect(queues[queueId]?.Properties).toEqual({
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 4 * 86_400,
      VisibilityTimeout: 180,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetterQueueId, 'Arn'] },
        maxReceiveCount: 5,
      },
    });
    expect(queues[deadLetterQueueId]?.Properties).toEqual({
      MaximumMessageSize: 1_048_576,
      MessageRetentionPeriod: 14 * 86_400,
      SqsManagedSseEnabled: true,
    });
  });

  it('keeps what was acknowledged when the stack goes', () => {
    for (const [, queue] of ownQueues()) {
      expect(queue).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('gives every queue a dead-letter queue, or is one', () => {
    const queues = resources(template, 'AWS::SQS::Queue');
    const deadLetterTargets = JSON.stringify(queues.map(([, { Properties }]) => Properties.RedrivePolicy));
    const without = queues.filter(
      ([id, { Properties }]) => !Properties.RedrivePolicy && !deadLetterTargets.includes(id),
    );
    expect(without).toEqual([]);
  });

  it('refuses what does not come by TLS, as every queue does', () => {
    const policies = resources(template, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(resources(template, 'AWS::SQS::Queue').length);
    for (const [, policy] of policies) {
      expect(policy.Properties.PolicyDocument).toMatchObject({
        Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      });
    }
  });

  it('feeds store-events batches of 10, five at a time, with partial answers', () => {
    const mappings = resources(template, 'AWS::Lambda::EventSourceMapping').filter(([, { Properties }]) =>
      JSON.stringify(Properties.EventSourceArn).includes(queueId),
    );
    expect(mappings.map(([, { Properties }]) => Properties)).toEqual([
      {
        BatchSize: 10,
        EventSourceArn: { 'Fn::GetAtt': [queueId, 'Arn'] },
        FunctionName: { Ref: expect.stringMatching(/^StoreEventsFunction/) },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 5 },
      },
    ]);
  });

  it('outlasts six runs of its consumer', () => {
    const [[, queue] = []] = resources(template, 'AWS::SQS::Queue').filter(([id]) => id === queueId);
    const timeoutSeconds = functionsByName(template).get('store-events')?.Properties.Timeout ?? Number.NaN;
    expect(queue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeoutSeconds);
  });
});
