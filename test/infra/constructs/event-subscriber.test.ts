import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { retryDelaysSeconds } from '../../../functions/forward-events/retry-schedule.ts';
import { deploySettings } from '../../../infra/deploy-settings.ts';
import { publishedTypes } from '../../../shared/conversations/published-event.ts';
import { allExtensions, resources, synthesise } from '../synthesise.ts';

describe('EventSubscriber', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise({ settings: deploySettings(allExtensions) });
  });

  const only = (type: string, id: string) => {
    const found = resources(template, type).filter(([logicalId]) => logicalId.startsWith(id));
    expect(found).toHaveLength(1);
    return found[0] as (typeof found)[0];
  };
  const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

  it.each([
    { id: 'AutoReply', types: ['message.received'], tries: 5 },
    { id: 'ForwardEvents', types: publishedTypes, tries: retryDelaysSeconds.length + 1 },
  ])('$id has a queue of its own for its types, with dead letters', ({ id, types, tries }) => {
    const [queueId, queue] = only('AWS::SQS::Queue', `${id}Queue`);
    const [letters] = only('AWS::SQS::Queue', `${id}DeadLetterQueue`);
    expect(queue.Properties).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: arnOf(letters), maxReceiveCount: tries },
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 180,
    });
    const [, subscription] = only('AWS::SNS::Subscription', `${id}Queue`);
    expect(subscription.Properties).toMatchObject({
      Protocol: 'sqs',
      Endpoint: arnOf(queueId),
      RawMessageDelivery: true,
      FilterPolicy: { type: types },
      RedrivePolicy: { deadLetterTargetArn: arnOf(letters) },
    });
    const [, mapping] = resources(template, 'AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) => JSON.stringify(Properties.EventSourceArn) === JSON.stringify(arnOf(queueId)),
    ) as ReturnType<typeof only>;
    expect(mapping.Properties).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('costs the events of the gateway itself nothing: with none, nobody subscribes', async () => {
    expect(resources(await synthesise(), 'AWS::SNS::Subscription')).toEqual([]);
  });

  it('keeps the signing secret out of the template', () => {
    const [, secret] = only('AWS::SecretsManager::Secret', 'ForwardEventsForwardSecret');
    expect(Object.keys(secret.Properties)).toEqual(['Description']);
  });
});
