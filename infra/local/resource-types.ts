import { type Template, TemplateError } from './template.ts';

/** What this host runs. */
export const runTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::SecretsManager::Secret',
] as const;

const noPermissions = 'permissions are not checked on this machine';
const noMonitoring = 'logs go to the console; metrics and alarms are kept by AWS alone';

/** What this host leaves out, each with the reason (docs/local.md). */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::Budgets::Budget': 'nothing costs on this machine',
  'AWS::CDK::Metadata': 'describes the CDK app, not a resource',
  'AWS::CloudWatch::Alarm': noMonitoring,
  'AWS::CloudWatch::CompositeAlarm': noMonitoring,
  'AWS::CloudWatch::Dashboard': noMonitoring,
  'AWS::IAM::ManagedPolicy': noPermissions,
  'AWS::IAM::Policy': noPermissions,
  'AWS::IAM::Role': noPermissions,
  'AWS::Lambda::Permission': noPermissions,
  'AWS::Logs::LogGroup': noMonitoring,
  'AWS::Logs::MetricFilter': noMonitoring,
  'AWS::Logs::QueryDefinition': noMonitoring,
  'AWS::S3::BucketPolicy': noPermissions,
  'AWS::SNS::TopicPolicy': noPermissions,
  'AWS::SQS::QueuePolicy': noPermissions,
  'AWS::Scheduler::ScheduleGroup': 'a name for schedules, which run without it',
  'AWS::SecretsManager::ResourcePolicy': noPermissions,
};

/** Subscriptions that this host leaves out, by their protocol, each with the reason (docs/local.md). */
export const ignoredProtocols: Readonly<Record<string, string>> = {
  email: 'no mail is sent from this machine, and alarms are kept by AWS alone',
};

/** Throws with every resource that is neither run nor knowingly ignored: never a silent skip. */
export function checkResourceTypes(template: Template): void {
  const understood = new Set<string>([...runTypes, ...Object.keys(ignoredTypes)]);
  const unknown = Object.entries(template.Resources)
    .filter(([, { Type }]) => !understood.has(Type))
    .map(([logicalId, { Type }]) => `${logicalId} (${Type})`);
  if (unknown.length > 0) {
    throw new TemplateError(`This machine cannot run ${unknown.join(', ')}: see docs/local.md.`);
  }
}
