import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { Template } from 'aws-cdk-lib/assertions';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeAll, describe, expect, it } from 'vitest';
import { tableToDeploy } from '../../infra/operate/deployed-table.ts';
import { restoredTable } from '../../infra/restored-table.ts';
import { functionsByName, resources, synthesise } from './synthesise.ts';

const name = 'Gateway-restored-2026.01.02';
const ownId = 'ConversationStoreTable5C79F423';

describe('a stack with a restored table', () => {
  let plain: Template;
  let template: Template;
  beforeAll(async () => {
    plain = await synthesise();
    template = await synthesise({ restoredTable: name, checked: true });
  });

  it('leads each function to it that is told of a table, and tells so', () => {
    const users = [...functionsByName(plain)].filter(
      ([, { Properties }]) => 'TABLE_NAME' in Properties.Environment.Variables,
    );
    expect(users.length).toBeGreaterThan(10);
    const functions = functionsByName(template);
    for (const [user] of users) {
      expect(functions.get(user)?.Properties.Environment.Variables.TABLE_NAME).toBe(name);
    }
    expect(template.findOutputs('*')).toMatchObject({
      TableName: { Value: name },
      RestoredTable: { Value: name },
    });
  });

  it('keeps its own table as it is, so that the way back is open', () => {
    expect(resources(template, 'AWS::DynamoDB::Table')).toEqual(resources(plain, 'AWS::DynamoDB::Table'));
  });

  it('grants the same as on its own table, indexes too, and nothing on that any more', () => {
    const ownArn = { 'Fn::GetAtt': [ownId, 'Arn'] };
    const restoredArn = {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':dynamodb:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          `:table/${name}`,
        ],
      ],
    };
    const policies = (of: Template) => JSON.stringify(resources(of, 'AWS::IAM::Policy'));
    expect(policies(template)).not.toContain(ownId);
    const own = JSON.stringify(ownArn);
    const asRestored = policies(plain)
      .replaceAll(
        /\{"Fn::Join":\["",\[\{"Fn::GetAtt":\["ConversationStoreTable5C79F423","Arn"\]\},"(\/index\/\w+)"\]\]\}/g,
        (_, index: string) => JSON.stringify(restoredArn).replace(name, `${name}${index}`),
      )
      .replaceAll(own, JSON.stringify(restoredArn));
    expect(policies(template)).toBe(asRestored);
  });
});

describe('the name of a restored table', () => {
  it.each([undefined, ''])('%j is none', (given) => expect(restoredTable(given)).toBeUndefined());
  it('is taken', () => expect(restoredTable(name)).toBe(name));
  it.each(['ab', 'a b c', 'arn:aws:dynamodb:eu-central-1:1:table/x', 7])('%j is refused', (given) => {
    expect(() => restoredTable(given)).toThrow('3 to 255 letters');
  });
});

describe('the table of the next deploy', () => {
  const stack = 'InstagramMessageGateway';
  const client = new CloudFormationClient({ region: 'eu-central-1' });
  const cloudFormation = mockClient(client);
  const deployed = (...outputs: string[]) =>
    cloudFormation.on(DescribeStacksCommand, { StackName: stack }).resolves({
      Stacks: [
        {
          StackName: stack,
          CreationTime: new Date(0),
          StackStatus: 'UPDATE_COMPLETE',
          Outputs: outputs.map((OutputKey) => ({ OutputKey, OutputValue: name })),
        },
      ],
    });
  const refused = (errorName: string) =>
    cloudFormation.on(DescribeStacksCommand).rejects(
      new CloudFormationServiceException({
        name: errorName,
        message: 'no',
        $fault: 'client',
        $metadata: {},
      }),
    );

  it('is the one of the last deploy, when none is given', async () => {
    deployed('TableName', 'RestoredTable');
    expect(await tableToDeploy(client, stack, undefined)).toBe(name);
    deployed('TableName');
    expect(await tableToDeploy(client, stack, undefined)).toBeUndefined();
  });

  it('is its own in a new stack', async () => {
    refused('ValidationError');
    expect(await tableToDeploy(client, stack, undefined)).toBeUndefined();
  });

  it('is never guessed', async () => {
    refused('AccessDenied');
    await expect(tableToDeploy(client, stack, undefined)).rejects.toThrow('--table own');
  });

  it('is the given one, whatever was deployed', async () => {
    refused('AccessDenied');
    expect(await tableToDeploy(client, stack, 'own')).toBeUndefined();
    expect(await tableToDeploy(client, stack, name)).toBe(name);
    await expect(tableToDeploy(client, stack, 'a b c')).rejects.toThrow('--table takes the name of a table');
  });
});
