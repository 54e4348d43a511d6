import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { CommandFailed } from './command.ts';
import { runningGateway } from './running-gateway.ts';
import { stackOfStage } from './stage.ts';

export interface GatewayTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  /** Where it is, for people. */
  readonly place: string;
}

/** The table of the gateway on this machine or, with a stage, of the one deployed under that name. */
export async function gatewayTable(stage: string | undefined): Promise<GatewayTable> {
  return stage === undefined ? tableHere() : tableOnAws(stage);
}

function tableHere(): GatewayTable {
  const { tableName, endpoints } = runningGateway('or name a deployed one with: --stage default');
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return { client: DynamoDBDocumentClient.from(client), name: tableName, place: 'this machine' };
}

async function tableOnAws(stage: string): Promise<GatewayTable> {
  const name = stackOfStage(stage);
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  const where = region ? { region } : {};
  try {
    const { Stacks } = await new CloudFormationClient({ ...where, maxAttempts: 2 }).send(
      new DescribeStacksCommand({ StackName: name }),
      { abortSignal: AbortSignal.timeout(15_000) },
    );
    const output = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'TableName');
    if (!output?.OutputValue) throw new Error(`the stack ${name} has no output TableName`);
    return {
      client: DynamoDBDocumentClient.from(new DynamoDBClient(where)),
      name: output.OutputValue,
      place: `the stack ${name}`,
    };
  } catch (error) {
    throw new CommandFailed(
      `The stack ${name} cannot be read: ${error instanceof Error ? error.message : String(error)}.\nCheck AWS_PROFILE and AWS_REGION, and that it is deployed: npm run deploy`,
    );
  }
}
