import { SQSClient } from '@aws-sdk/client-sqs';

let client: SQSClient | undefined;

/** Made when it is first used, once a process. */
export function sqs(): SQSClient {
  client ??= new SQSClient({});
  return client;
}
