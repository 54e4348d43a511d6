import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localClient } from '../../local/local-client.ts';
import { CommandFailed } from '../command.ts';
import { why } from '../doctor/gateway-seen.ts';
import { runningGateway } from '../running-gateway.ts';
import { deployedStack } from '../stack-outputs.ts';
import { stackResources } from '../stack-resources.ts';

export interface GatewayQueue {
  /** As the template calls it, without the hash at its end: `EventsDeadLetterQueue`. */
  readonly name: string;
  readonly url: string;
  /** Of a dead-letter queue: the queues whose failed messages it takes. Empty for all others. */
  readonly sources: readonly GatewayQueue[];
  /** About how many messages wait, by SQS's own count, which lags by moments. */
  readonly waiting: number;
}

export interface GatewayQueues {
  readonly client: SQSClient;
  /** Every queue of the stack, those of the owner's own subscribers among them. */
  readonly queues: readonly GatewayQueue[];
  /** Where they are, for people. */
  readonly place: string;
}

interface Named {
  readonly id: string;
  readonly url: string;
}

/** The queues of the gateway on this machine or, with a stage, of the one deployed under that name. */
export async function gatewayQueues(stage: string | undefined): Promise<GatewayQueues> {
  const { client, named, place } = stage === undefined ? queuesHere() : await queuesOnAws(stage);
  try {
    return { client, queues: await describe(client, named), place };
  } catch (error) {
    throw new CommandFailed(`The queues of ${place} cannot be read: ${why(error)}`);
  }
}

function queuesHere() {
  const { queues = {}, endpoints } = runningGateway('or name a deployed one with: --stage default');
  if (!endpoints.sqs) {
    throw new CommandFailed('The running gateway does not tell its queues. Start it again: npm run dev');
  }
  const client = new SQSClient({ ...localClient(endpoints.sqs), maxAttempts: 1 });
  return { client, named: Object.entries(queues).map(([id, url]) => ({ id, url })), place: 'this machine' };
}

async function queuesOnAws(stage: string) {
  const stack = await deployedStack(stage);
  const named = (await stackResources(stack, 'AWS::SQS::Queue')).map(
    ({ logicalId, physicalId }): Named => ({ id: logicalId, url: physicalId }),
  );
  return { client: new SQSClient(stack.where), named, place: `the stack ${stack.name}` };
}

/** Which queue's dead letters go where is what the queues themselves say of it. */
async function describe(client: SQSClient, named: readonly Named[]): Promise<GatewayQueue[]> {
  const seen = await Promise.all(
    named.map(async ({ id, url }) => {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: url,
          AttributeNames: ['QueueArn', 'RedrivePolicy', 'ApproximateNumberOfMessages'],
        }),
      );
      return {
        name: id.replace(/[0-9A-F]{8}$/, ''),
        url,
        arn: Attributes.QueueArn,
        deadLettersTo: deadLetterArn(Attributes.RedrivePolicy),
        waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      };
    }),
  );
  return seen
    .map(({ name, url, arn, waiting }): GatewayQueue => {
      const sources = seen.filter(
        ({ deadLettersTo }) => deadLettersTo !== undefined && deadLettersTo === arn,
      );
      return {
        name,
        url,
        waiting,
        sources: sources.map((source) => ({ ...source, sources: [] })),
      };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function deadLetterArn(policy: string | undefined): string | undefined {
  if (!policy) return undefined;
  return (JSON.parse(policy) as { readonly deadLetterTargetArn?: string }).deadLetterTargetArn;
}
