import { ignoredTypes } from './resource-types.ts';
import type { References, Resource, Template } from './template.ts';

export const region = 'us-east-1';
export const accountId = '000000000000';
/** Of whatever runs here; links to objects are signed with them. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Addresses as the functions see them. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly sns: string;
  readonly secretsManager: string;
}

interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The physical name: the one the template gives, else the logical id, which is unique on this machine. */
export function physicalName(logicalId: string, resource: Resource): string {
  const { Properties, Type } = resource;
  // A bucket's name has no capitals.
  if (Type === 'AWS::S3::Bucket') return String(Properties.BucketName ?? logicalId).toLowerCase();
  const given =
    Properties.TableName ??
    Properties.QueueName ??
    Properties.TopicName ??
    Properties.FunctionName ??
    Properties.Name;
  return typeof given === 'string' ? given : logicalId;
}

export function queueUrl(endpoint: string, name: string): string {
  // The SQS client follows the host in a queue's URL, whatever its endpoint is.
  return `${endpoint}/${accountId}/${name}`;
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

function identify(logicalId: string, resource: Resource, endpoints: Endpoints, apiUrl: string): Identity {
  const name = physicalName(logicalId, resource);
  switch (resource.Type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
    case 'AWS::SQS::Queue':
      return {
        ref: queueUrl(endpoints.sqs, name),
        attributes: {
          Arn: arn('sqs', name),
          QueueName: name,
          QueueUrl: queueUrl(endpoints.sqs, name),
        },
      };
    case 'AWS::S3::Bucket':
      return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
    case 'AWS::SNS::Topic':
      return { ref: arn('sns', name), attributes: { TopicArn: arn('sns', name), TopicName: name } };
    case 'AWS::SecretsManager::Secret':
      return { ref: secretArn(logicalId), attributes: { Id: secretArn(logicalId) } };
    case 'AWS::Lambda::Function':
      // Told apart by the logical id in ARNs; the name is the short one that people read.
      return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
    case 'AWS::ApiGatewayV2::Api':
      return { ref: logicalId, attributes: { ApiEndpoint: apiUrl, ApiId: logicalId } };
    case 'AWS::Events::Rule':
      return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
    case 'AWS::Scheduler::Schedule':
      return { ref: name, attributes: { Arn: arn('scheduler', `schedule/default/${name}`) } };
    default:
      return { ref: logicalId, attributes: {} };
  }
}

/** As AWS builds it: the name and six more characters. */
export function secretArn(logicalId: string): string {
  return arn('secretsmanager', `secret:${logicalId}-local0`);
}

/** The values behind `Ref` and `Fn::GetAtt`, pseudo parameters included. */
export function referencesOf(template: Template, endpoints: Endpoints, apiUrl: string): References {
  const pseudoParameters: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': accountId,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': arn('cloudformation', 'stack/local/local'),
    'AWS::StackName': 'local',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const identity = (logicalId: string): Identity | undefined => {
    const resource = template.Resources[logicalId];
    return resource && identify(logicalId, resource, endpoints, apiUrl);
  };
  return {
    ref: (logicalId) =>
      pseudoParameters[logicalId] ?? identity(logicalId)?.ref ?? template.Parameters[logicalId]?.Default,
    attribute: (logicalId, attribute) => {
      const type = template.Resources[logicalId]?.Type;
      // A role's ARN, say: named in what is run, and used by nobody.
      if (type && type in ignoredTypes) return arn('ignored', `${logicalId}/${attribute}`);
      return identity(logicalId)?.attributes[attribute];
    },
  };
}
