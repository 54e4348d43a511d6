import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, resources, synthesise } from '../synthesise.ts';

describe('SendQueue', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise();
  });

  const queue = () => resources(template, 'AWS::SQS::Queue').find(([id]) => id.startsWith('SendsQueue'));

  it('feeds deliver-sends a thread at a time, and outlasts six runs of it', () => {
    const [id, found] = queue() ?? [];
    const deliverer = functionsByName(template).get('deliver-sends');
    const mapping = resources(template, 'AWS::Lambda::EventSourceMapping').find(([, each]) =>
      JSON.stringify(each.Properties.EventSourceArn).includes(String(id)),
    );
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: 1,
      FunctionName: { Ref: deliverer?.logicalId },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    expect(found?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(
      6 * (deliverer?.Properties.Timeout ?? Number.NaN),
    );
  });

  it('keeps nothing: what is to be sent is in the table', () => {
    expect(queue()?.[1].DeletionPolicy).toBe('Delete');
  });

  it('is looked after once a minute', () => {
    const rule = resources(template, 'AWS::Events::Rule').find(([id]) => id.startsWith('DeliverSends'));
    expect(rule?.[1].Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  });
});
