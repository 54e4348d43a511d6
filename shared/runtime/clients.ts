import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The AWS clients, each made when it is first used, once a process. */
export const clients = {
  get dynamodb(): DynamoDBDocumentClient {
    return remember('dynamodb', () =>
      DynamoDBDocumentClient.from(new DynamoDBClient({}), {
        marshallOptions: { removeUndefinedValues: true },
      }),
    );
  },
  get sqs(): SQSClient {
    return remember('sqs', () => new SQSClient({}));
  },
  get sns(): SNSClient {
    return remember('sns', () => new SNSClient({}));
  },
};

const made = new Map<string, unknown>();

function remember<T>(name: string, make: () => T): T {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as T;
}
