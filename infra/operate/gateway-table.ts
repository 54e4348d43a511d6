import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { runningGateway } from './running-gateway.ts';
import { type DeployedStack, deployedStack } from './stack-outputs.ts';

export interface GatewayTable {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
  /** Where it is, for people. */
  readonly place: string;
}

/** The table of the gateway on this machine or, with a stage, of the one deployed under that name. */
export async function gatewayTable(stage: string | undefined): Promise<GatewayTable> {
  return stage === undefined ? tableHere() : tableOf(await deployedStack(stage));
}

export function tableHere(): GatewayTable {
  const { tableName, endpoints } = runningGateway('or name a deployed one with: --stage default');
  const client = new DynamoDBClient({
    endpoint: endpoints.dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return { client: DynamoDBDocumentClient.from(client), name: tableName, place: 'this machine' };
}

export function tableOf(stack: DeployedStack): GatewayTable {
  return {
    client: DynamoDBDocumentClient.from(new DynamoDBClient(stack.where)),
    name: stack.output('TableName'),
    place: `the stack ${stack.name}`,
  };
}
