import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { cloudFormationClient, findDeployTarget } from '../../../infra/operate/deploy-target.ts';

const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
const region = 'eu-central-1';

function answering(error: Error, accountId?: string): CloudFormationClient {
  const client = new CloudFormationClient({
    region,
    credentials: { ...credentials, ...(accountId ? { accountId } : {}) },
  });
  mockClient(client).on(DescribeStacksCommand).rejects(error);
  return client;
}

function serviceError(name: string, message: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name, message, $fault: 'client', $metadata: {} });
}

describe('findDeployTarget', () => {
  it('reads the account off the bootstrap stack', async () => {
    const client = new CloudFormationClient({ region, credentials });
    mockClient(client)
      .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
      .resolves({
        Stacks: [
          {
            StackId: 'arn:aws:cloudformation:eu-central-1:123456789012:stack/CDKToolkit/1',
            StackName: 'CDKToolkit',
            CreationTime: new Date(0),
            StackStatus: 'CREATE_COMPLETE',
          },
        ],
      });
    await expect(findDeployTarget(client)).resolves.toEqual({ region, accountId: '123456789012' });
  });

  it('gives the bootstrap command for account and region', async () => {
    const missing = serviceError('ValidationError', 'Stack with id CDKToolkit does not exist');
    await expect(findDeployTarget(answering(missing, '123456789012'))).rejects.toThrow(
      'npx cdk bootstrap aws://123456789012/eu-central-1',
    );
  });

  it('gives the bootstrap command for the region when the credentials do not name their account', async () => {
    const missing = serviceError('ValidationError', 'Stack with id CDKToolkit does not exist');
    await expect(findDeployTarget(answering(missing))).rejects.toThrow(
      'AWS_REGION=eu-central-1 npx cdk bootstrap',
    );
  });

  it('leaves it to the CDK CLI when the credentials may not read stacks', async () => {
    const denied = serviceError('AccessDenied', 'not authorized');
    await expect(findDeployTarget(answering(denied))).resolves.toEqual({ region });
  });

  it('says that the credentials were refused', async () => {
    const expired = serviceError('ExpiredToken', 'The security token is expired');
    await expect(findDeployTarget(answering(expired))).rejects.toThrow(/refused.*expired.*ExpiredToken/);
  });

  it('says that AWS cannot be reached', async () => {
    await expect(findDeployTarget(answering(new Error('getaddrinfo ENOTFOUND')))).rejects.toThrow(
      /could not be reached in eu-central-1.*ENOTFOUND/,
    );
  });

  it('says that a region is missing', async () => {
    const client = new CloudFormationClient({
      credentials,
      region: () => Promise.reject<string>(new Error('Region is missing')),
    });
    await expect(findDeployTarget(client)).rejects.toThrow('No AWS region is set');
  });
});

describe('cloudFormationClient', () => {
  it.each([
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }, 'eu-west-1'],
    [{ AWS_DEFAULT_REGION: 'us-east-1' }, 'us-east-1'],
  ])('takes the region of %j', async (environment, expected) => {
    await expect(cloudFormationClient(environment).config.region()).resolves.toBe(expected);
  });
});
