import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** SQS takes and gives ten at a time. */
const batchSize = 10;
/** SQS's limit of a batch is 1 MiB, attributes included; a lone message may have as much. */
const maxBatchBytes = 1_000_000;

/** At most ten messages, hidden from everybody for so long. */
export async function receive(
  client: SQSClient,
  url: string,
  hiddenSeconds: number,
): Promise<readonly Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: hiddenSeconds,
      // A second of waiting asks all of SQS's servers; without it some of the messages are not seen.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Puts copies into another queue. @returns those that it took. */
export async function sendCopies(
  client: SQSClient,
  url: string,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const taken: Message[] = [];
  for (const batch of batchesBySize(messages)) {
    const { Successful = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: batch.map(({ Body, MessageAttributes }, place) => ({
          Id: String(place),
          MessageBody: Body,
          ...(MessageAttributes && { MessageAttributes }),
        })),
      }),
    );
    const places = new Set(Successful.map(({ Id }) => Number(Id)));
    taken.push(...batch.filter((_, place) => places.has(place)));
  }
  return taken;
}

/** @returns those that are gone now. */
export async function remove(
  client: SQSClient,
  url: string,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const gone: Message[] = [];
  for (const batch of batchesOf(messages)) {
    const { Successful = [] } = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entriesOf(batch) }),
    );
    const places = new Set(Successful.map(({ Id }) => Number(Id)));
    gone.push(...batch.filter((_, place) => places.has(place)));
  }
  return gone;
}

/** Shows messages again that were received and are not taken. */
export async function giveBack(client: SQSClient, url: string, messages: readonly Message[]): Promise<void> {
  for (const batch of batchesOf(messages)) {
    await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: entriesOf(batch).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
      }),
    );
  }
}

/** When the message came into its first queue, in ms: SQS keeps that time when it becomes a dead letter. */
export function sentAtMs({ Attributes }: Message): number {
  return Number(Attributes?.SentTimestamp ?? 0);
}

const entriesOf = (batch: readonly Message[]) =>
  batch.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }));

function* batchesOf(messages: readonly Message[]): Generator<readonly Message[]> {
  for (let start = 0; start < messages.length; start += batchSize) {
    yield messages.slice(start, start + batchSize);
  }
}

function* batchesBySize(messages: readonly Message[]): Generator<readonly Message[]> {
  let batch: Message[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = bytesOf(message);
    if (batch.length === batchSize || (batch.length > 0 && bytes + size > maxBatchBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

function bytesOf({ Body = '', MessageAttributes = {} }: Message): number {
  return Buffer.byteLength(Body) + Buffer.byteLength(JSON.stringify(MessageAttributes));
}
