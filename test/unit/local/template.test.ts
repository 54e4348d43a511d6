import { describe, expect, test } from 'vitest';
import { referencesOf } from '../../../infra/local/identities.ts';
import { checkResourceTypes } from '../../../infra/local/resource-types.ts';
import { parseTemplate, resolve } from '../../../infra/local/template.ts';

const template = parseTemplate(
  JSON.stringify({
    Parameters: { Version: { Type: 'String', Default: '21' } },
    Resources: {
      Work: { Type: 'AWS::SQS::Queue' },
      Store: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'named' } },
      Role: { Type: 'AWS::IAM::Role' },
    },
  }),
);
const references = referencesOf(
  template,
  { dynamodb: 'http://d', sqs: 'http://q', sns: 'http://n', secretsManager: 'http://s' },
  'http://gateway',
);
const resolved = (value: unknown) => resolve(value, references, 'Here');

describe('intrinsic functions', () => {
  test.each([
    [{ Ref: 'Work' }, 'http://q/000000000000/Work'],
    [{ Ref: 'Store' }, 'named'],
    [{ Ref: 'Version' }, '21'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ 'Fn::GetAtt': ['Work', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:Work'],
    [{ 'Fn::GetAtt': 'Work.QueueName' }, 'Work'],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, expect.stringContaining('Role')],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }, 1]] }, 'a-aws-1'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::Sub': `q=\${Work.QueueName} r=\${AWS::Region} \${!Literal}` }, `q=Work r=us-east-1 \${Literal}`],
    [{ 'Fn::Sub': [`\${x}-\${Store}`, { x: { Ref: 'Version' } }] }, '21-named'],
    [{ a: [{ Ref: 'AWS::NoValue' }, 1], b: { Ref: 'AWS::NoValue' } }, { a: [1] }],
    [
      { Ref: 'Version', other: 1 },
      { Ref: 'Version', other: 1 },
    ],
  ])('%j', (value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each([
    [{ 'Fn::ImportValue': 'x' }, 'Here.p: Fn::ImportValue is not supported on this machine.'],
    [{ Ref: 'Unknown' }, 'Here.p: Ref Unknown has no value on this machine.'],
    [{ 'Fn::GetAtt': ['Work', 'Colour'] }, 'Here.p: Fn::GetAtt Work.Colour has no value on this machine.'],
    [{ 'Fn::Join': ['-', 'a'] }, 'Here.p: a list is expected, not "a".'],
  ])('%j is refused', (value, message) => {
    expect(() => resolved({ p: value })).toThrow(message);
  });
});

test('a resource that is neither run nor knowingly ignored is named', () => {
  expect(() => checkResourceTypes(template)).not.toThrow();
  const Resources = {
    ...template.Resources,
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: {}, Metadata: {} },
  };
  expect(() => checkResourceTypes({ ...template, Resources })).toThrow('Cluster (AWS::ECS::Cluster)');
});

test('what is no template is refused', () => {
  expect(() => parseTemplate('{"Resources":{"A":{}}}')).toThrow('Not a CloudFormation template');
});
