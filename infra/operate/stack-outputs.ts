import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CommandFailed } from './command.ts';
import { stackOfStage } from './stage.ts';

export type StackOutput =
  | 'CallbackUrl'
  | 'TableName'
  | 'EventsQueueUrl'
  | 'DeadLetterQueueUrl'
  | 'WebhookSecretArn'
  | 'GraphSecretArn'
  /** Of a stack that forwards events alone. */
  | 'ForwardSecretArn';

export interface DeployedStack {
  readonly name: string;
  /** For the clients of its other services; empty where the profile names the region. */
  readonly where: { readonly region?: string };
  /** Throws CommandFailed when the stack does not tell it. */
  output(name: StackOutput): string;
  /** Whom its alarms are told to; absent in a stack of before there were any. */
  readonly alarmsTo?: string;
}

const requestTimeoutMs = 15_000;

/** What the stack deployed with this stage says of itself. Throws CommandFailed when it cannot be read. */
export async function deployedStack(stage: string): Promise<DeployedStack> {
  const name = stackOfStage(stage);
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const where = region ? { region } : {};
  const outputs = await read(name, where);
  const alarmsTo = outputs.get('AlarmsTo');
  return {
    name,
    where,
    ...(alarmsTo !== undefined && { alarmsTo }),
    output: (wanted) => {
      const value = outputs.get(wanted);
      if (value) return value;
      throw cannotRead(name, `it has no output ${wanted}`);
    },
  };
}

async function read(stack: string, where: { region?: string }): Promise<ReadonlyMap<string, string>> {
  try {
    const { Stacks } = await new CloudFormationClient({ ...where, maxAttempts: 2 }).send(
      new DescribeStacksCommand({ StackName: stack }),
      { abortSignal: AbortSignal.timeout(requestTimeoutMs) },
    );
    return new Map(
      Stacks?.[0]?.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    throw cannotRead(stack, error instanceof Error ? error.message : String(error));
  }
}

function cannotRead(stack: string, why: string): CommandFailed {
  return new CommandFailed(
    `The stack ${stack} cannot be read: ${why}.\nCheck AWS_PROFILE and AWS_REGION, and that it is deployed: npm run deploy`,
  );
}
