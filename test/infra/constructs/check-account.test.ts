import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { functionsByName, resources, synthesise } from '../synthesise.ts';

describe('CheckAccount', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesise();
  });

  it('runs once an hour', () => {
    const id = functionsByName(template).get('check-account')?.logicalId;
    const rules = resources(template, 'AWS::Events::Rule').filter(([ruleId]) =>
      ruleId.startsWith('CheckAccount'),
    );
    expect(rules.map(([, { Properties }]) => Properties)).toEqual([
      {
        ScheduleExpression: 'rate(1 hour)',
        State: 'ENABLED',
        Targets: [{ Id: 'Target0', Arn: { 'Fn::GetAtt': [id, 'Arn'] } }],
      },
    ]);
    const callers = resources(template, 'AWS::Lambda::Permission').filter(
      ([ruleId, { Properties }]) =>
        Properties.Principal === 'events.amazonaws.com' && ruleId.startsWith('CheckAccount'),
    );
    expect(callers.map(([, { Properties }]) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [id, 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [rules[0]?.[0], 'Arn'] },
      },
    ]);
  });
});
