import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { deploySettings } from '../../infra/deploy-settings.ts';
import {
  allExtensions,
  functionsByName,
  inTemporaryFolder,
  type Resource,
  synthesise,
  synthesisedTemplate,
} from './synthesise.ts';

describe('GatewayStack', () => {
  it('has no finding of cdk-nag or of the built-in validation', async () => {
    await expect(synthesise({ checked: true })).resolves.toBeDefined();
    const settings = deploySettings(allExtensions);
    await expect(synthesise({ settings, checked: true })).resolves.toBeDefined();
  });

  // The test above proves nothing unless a finding makes synthesis fail.
  it('would fail on a finding of cdk-nag', async () => {
    await inTemporaryFolder(async (outdir) => {
      const app = new App({ context: cdkJson.context, outdir });
      new Queue(new Stack(app, 'Unsafe'), 'Queue');
      Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
      expect(() => app.synth()).toThrow('AwsSolutions-SQS3');
    });
  });

  it('would fail on a finding of the built-in validation', async () => {
    await inTemporaryFolder(async (outdir) => {
      const app = new App({ context: cdkJson.context, outdir });
      new CfnQueue(new Stack(app, 'Wrong'), 'Queue').addPropertyOverride('VisibilityTimeout', 'soon');
      expect(() => app.synth()).toThrow('VisibilityTimeout');
    });
  });

  it('gives equal bytes for equal sources', async () => {
    expect(await synthesisedTemplate()).toBe(await synthesisedTemplate());
  });

  it('tells where everything is', async () => {
    const outputs = (await synthesise()).findOutputs('*');
    expect(Object.keys(outputs).toSorted()).toEqual([
      'AlarmsTo',
      'ApiUrl',
      'CallbackUrl',
      'DeadLetterQueueUrl',
      'EventsQueueUrl',
      'EventsTopicArn',
      'GraphSecretArn',
      'InboxUrl',
      'TableName',
      'WebhookSecretArn',
    ]);
    const url = { 'Fn::GetAtt': [expect.stringMatching(/^HttpApi/), 'ApiEndpoint'] };
    expect(outputs.CallbackUrl).toEqual({ Value: { 'Fn::Join': ['', [url, '/api/webhook']] } });
    expect(outputs.InboxUrl).toEqual({ Value: { 'Fn::Join': ['', [url, '/']] } });
  });

  it('updates the reader of the queue before its writer, so that no body is of an unknown kind', async () => {
    const template = await synthesise();
    const functions = functionsByName(template);
    expect(functions.get('receive-webhook')?.DependsOn).toContain(functions.get('store-events')?.logicalId);
  });

  it('keeps table, queues, secrets and the bucket that empties itself when the stack goes, and nothing else', async () => {
    const { Resources } = (await synthesise()).toJSON() as { Resources: Record<string, Resource> };
    const retained = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
    expect(retained.map(({ Type }) => Type).toSorted()).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::S3::Bucket',
      'AWS::SQS::Queue',
      'AWS::SQS::Queue',
      'AWS::SecretsManager::Secret',
      'AWS::SecretsManager::Secret',
    ]);
    for (const { UpdateReplacePolicy } of retained) expect(UpdateReplacePolicy).toBe('Retain');
  });

  it('makes nothing that costs while idle, but the two secrets, the alarms, their metrics and the dashboard', async () => {
    const { Resources } = (await synthesise()).toJSON() as { Resources: Record<string, { Type: string }> };
    expect([...new Set(Object.values(Resources).map(({ Type }) => Type))].toSorted()).toEqual([
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGatewayV2::Integration',
      'AWS::ApiGatewayV2::Route',
      'AWS::ApiGatewayV2::Stage',
      'AWS::CloudWatch::Alarm',
      'AWS::CloudWatch::Dashboard',
      'AWS::DynamoDB::Table',
      'AWS::Events::Rule',
      'AWS::IAM::Policy',
      'AWS::IAM::Role',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Function',
      'AWS::Lambda::Permission',
      'AWS::Logs::LogGroup',
      'AWS::Logs::MetricFilter',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SecretsManager::Secret',
    ]);
  });
});
