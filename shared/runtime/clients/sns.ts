import { SNSClient } from '@aws-sdk/client-sns';

let client: SNSClient | undefined;

/** Made when it is first used, once a process. */
export function sns(): SNSClient {
  client ??= new SNSClient({});
  return client;
}
