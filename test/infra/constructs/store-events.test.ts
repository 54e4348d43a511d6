import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, resources, synthesise } from '../synthesise.ts';

describe('StoreEvents', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise();
  });

  it('looks through the dead letters every five minutes', () => {
    const id = functionsByName(template).get('store-events')?.logicalId;
    const rules = resources(template, 'AWS::Events::Rule').filter(([ruleId]) =>
      ruleId.startsWith('StoreEvents'),
    );
    expect(rules.map(([, { Properties }]) => Properties)).toEqual([
      {
        ScheduleExpression: 'rate(5 minutes)',
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [id, 'Arn'] } }],
      },
    ]);
  });

  it('may take letters out of the dead-letter queue of the events, and put none in', () => {
    const policies = resources(template, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('StoreEvents'));
    const statements = policies.flatMap(
      ([, { Properties }]) =>
        (Properties.PolicyDocument as { Statement: { Action: unknown; Resource: unknown }[] }).Statement,
    );
    const ofDeadLetters = statements.filter(({ Resource }) =>
      JSON.stringify(Resource).includes('EventsDeadLetterQueue'),
    );
    expect(ofDeadLetters.map(({ Action }) => Action)).toEqual([
      ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'],
    ]);
  });
});
