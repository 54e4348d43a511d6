import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, resources, synthesise } from '../synthesise.ts';

describe('ReconcileQueue', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise();
  });

  const queue = () => resources(template, 'AWS::SQS::Queue').find(([id]) => id.startsWith('LookupsQueue'));

  it('feeds reconcile one lookup at a time, and outlasts six runs of it', () => {
    const [id, found] = queue() ?? [];
    const consumer = functionsByName(template).get('reconcile');
    const mapping = resources(template, 'AWS::Lambda::EventSourceMapping').find(([, each]) =>
      JSON.stringify(each.Properties.EventSourceArn).includes(String(id)),
    );
    expect(mapping?.[1].Properties).toMatchObject({
      BatchSize: 1,
      FunctionName: { Ref: consumer?.logicalId },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(found?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(
      6 * (consumer?.Properties.Timeout ?? Number.NaN),
    );
  });

  it('keeps nothing: the next reconciliation finds the same', () => {
    expect(queue()?.[1].DeletionPolicy).toBe('Delete');
  });

  it('is looked after every five minutes', () => {
    const rule = resources(template, 'AWS::Events::Rule').find(([id]) => id.startsWith('Reconcile'));
    expect(rule?.[1].Properties).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
  });
});
