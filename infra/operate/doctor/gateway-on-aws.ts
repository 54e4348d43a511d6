import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Finding, finding, type Unchecked } from '../../../shared/account/findings.ts';
import { healthStore } from '../../../shared/account/health-store.ts';
import { queueDepths } from '../../../shared/account/queue-depths.ts';
import { settings } from '../../../shared/runtime/environment.ts';
import { CommandFailed } from '../command.ts';
import { tableOf } from '../gateway-table.ts';
import { type DeployedStack, deployedStack } from '../stack-outputs.ts';
import { type GatewaySeen, reading, why } from './gateway-seen.ts';
import { parseConnection } from './parse-connection.ts';

const timeoutMs = 10_000;

/** A new AWS account starts with ten; the consumer alone may use five. */
const enoughFunctionsAtOnce = 50;

/** What `AlarmsTo` says of a stack that tells nobody. */
const nobody = 'nobody';

/** The gateway deployed with this stage. Throws CommandFailed when AWS does not let it be read. */
export async function gatewayOnAws(stage: string): Promise<GatewaySeen> {
  const stack = await deployedStack(stage);
  const table = tableOf(stack);
  const health = healthStore(table.client, table.name);
  const [connection, observed, queues, concurrency] = await Promise.all([
    readConnection(stack),
    reading('what was received', () => health.observations()),
    reading('whether all events were stored', () => readQueues(stack)),
    reading('how many functions may run at once', () => readConcurrency(stack)),
  ]);
  const alarms = checkAlarms(stack);
  const { GRAPH_API_BASE_URL: graphUrl, GRAPH_API_VERSION: version } = process.env;
  return {
    place: table.place,
    ...(graphUrl && { graphUrl }),
    publicUrl: stack.output('CallbackUrl'),
    table,
    input: {
      connection,
      observed: observed.value ?? {},
      ...(queues.value && { queues: queues.value }),
      graphVersion: version || settings.GRAPH_API_VERSION.default,
    },
    findings: [...alarms.findings, ...checkConcurrency(concurrency.value)],
    unchecked: [...observed.unchecked, ...queues.unchecked, ...concurrency.unchecked, ...alarms.unchecked],
  };
}

async function readConnection(stack: DeployedStack) {
  const client = new SecretsManagerClient({ ...stack.where, maxAttempts: 2 });
  const read = async (output: 'WebhookSecretArn' | 'GraphSecretArn'): Promise<string | undefined> => {
    try {
      const command = new GetSecretValueCommand({ SecretId: stack.output(output) });
      return (await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) })).SecretString;
    } catch (error) {
      // Deployed and not connected yet: the template makes secrets without a value.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      if (error instanceof CommandFailed) throw error;
      throw new CommandFailed(`The secrets of the stack ${stack.name} cannot be read: ${why(error)}`);
    }
  };
  const [webhook, graph] = await Promise.all([read('WebhookSecretArn'), read('GraphSecretArn')]);
  return parseConnection(webhook, graph);
}

function readQueues(stack: DeployedStack) {
  const urls = { events: stack.output('EventsQueueUrl'), deadLetters: stack.output('DeadLetterQueueUrl') };
  return queueDepths(new SQSClient({ ...stack.where, maxAttempts: 2 }), urls, AbortSignal.timeout(timeoutMs));
}

async function readConcurrency(stack: DeployedStack): Promise<number | undefined> {
  const { AccountLimit } = await new LambdaClient({ ...stack.where, maxAttempts: 2 }).send(
    new GetAccountSettingsCommand({}),
    { abortSignal: AbortSignal.timeout(timeoutMs) },
  );
  return AccountLimit?.ConcurrentExecutions;
}

function checkConcurrency(atOnce: number | undefined): Finding[] {
  if (atOnce === undefined || atOnce >= enoughFunctionsAtOnce) return [];
  return [
    finding(
      'lambda_concurrency_low',
      `${atOnce} at once, for all functions of the AWS account in this region.`,
    ),
  ];
}

function checkAlarms({ alarmsTo }: DeployedStack): {
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
} {
  if (alarmsTo === undefined) {
    const check = 'whether anybody is told of an alarm';
    return {
      findings: [],
      unchecked: [{ check, why: 'The stack is older than its alarms: npm run deploy' }],
    };
  }
  const isUnset = alarmsTo === nobody;
  return {
    findings: isUnset ? [finding('alarm_address_unset', 'ALARM_EMAIL was not set at the last deploy.')] : [],
    unchecked: [],
  };
}
