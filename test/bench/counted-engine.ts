import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { localClient } from '../../infra/local/local-client.ts';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from '../builders/dynamodb-local.ts';
import type { BenchGateway } from './bench-gateway.ts';

/** AWS's own engine, which counts units, with the table of the stack, empty. Ends the process where there is no Java. */
export async function startCountedEngine(gateway: BenchGateway): Promise<DynamoDbLocal> {
  if (!hasJava) {
    console.log("not run: AWS's DynamoDB Local, which counts units, needs Java.");
    await gateway.stop();
    process.exit(0);
  }
  const engine = await startDynamoDbLocal();
  const from = new DynamoDBClient(localClient(gateway.endpoints.dynamodb));
  const to = new DynamoDBClient(localClient(engine.endpoint));
  const { Table } = await from.send(new DescribeTableCommand({ TableName: gateway.tableName }));
  const indexOf = ({ IndexName, KeySchema, Projection }: Record<string, unknown>) => ({
    IndexName,
    KeySchema,
    Projection,
  });
  await to.send(
    new CreateTableCommand({
      TableName: gateway.tableName,
      AttributeDefinitions: Table?.AttributeDefinitions,
      KeySchema: Table?.KeySchema,
      LocalSecondaryIndexes: Table?.LocalSecondaryIndexes?.map((index) => indexOf({ ...index })),
      GlobalSecondaryIndexes: Table?.GlobalSecondaryIndexes?.map((index) => indexOf({ ...index })),
      BillingMode: 'PAY_PER_REQUEST',
    } as CreateTableCommandInput),
  );
  from.destroy();
  to.destroy();
  return engine;
}
