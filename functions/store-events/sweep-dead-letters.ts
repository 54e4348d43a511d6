import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { type ReadableRecord, readBody } from './read-records.ts';
import { storeBatch } from './store-batch.ts';

/** SQS gives out ten at a time. */
const batchSize = 10;
/** Looked at in one sweep; the next one gets others, as SQS gives them out in no order. */
const maxLetters = 500;
/** Longer than a sweep takes. Each letter is given back at its end, or by this if the sweep dies. */
const hiddenSeconds = 60;

/**
 * Takes the dead letters of messages that were unsent since out of the dead-letter queue, which would keep their text
 * for 14 days. What they tell beside the text is stored first, as of any late copy; all other letters stay.
 */
export async function sweepDeadLetters(): Promise<{ readonly letters: number; readonly erased: number }> {
  const letters: Message[] = [];
  const stored = new Set<Message>();
  try {
    for (let batch = await receive(); batch.length > 0; batch = await receive()) {
      letters.push(...batch);
      for (const letter of await storeUnsent(batch)) stored.add(letter);
      if (letters.length >= maxLetters) break;
    }
  } finally {
    await forEachBatch([...stored], remove);
    await forEachBatch(
      letters.filter((letter) => !stored.has(letter)),
      giveBack,
    );
  }
  return { letters: letters.length, erased: stored.size };
}

async function receive(): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs().send(
    new ReceiveMessageCommand({
      QueueUrl: required('DEAD_LETTER_QUEUE_URL'),
      MaxNumberOfMessages: batchSize,
      VisibilityTimeout: hiddenSeconds,
      WaitTimeSeconds: 0,
    }),
  );
  return Messages;
}

/** @returns the letters of which all but the text is stored now. */
async function storeUnsent(letters: readonly Message[]): Promise<Message[]> {
  const messages = messageStore(dynamodb(), required('TABLE_NAME'));
  const unsent: { readonly letter: Message; readonly record: ReadableRecord }[] = [];
  for (const letter of letters) {
    const record = readLetter(letter);
    if (!record || record.event.type === 'other') continue;
    const state = await messages.find(record.event, record.event.messageId);
    if (state?.deletedAtMs !== undefined) unsent.push({ letter, record });
  }
  if (unsent.length === 0) return [];
  const { failures } = await storeBatch(unsent.map(({ record }) => record));
  const failed = new Set(failures.map(({ record }) => record));
  return unsent.filter(({ record }) => !failed.has(record.record)).map(({ letter }) => letter);
}

/** `undefined` for what this version cannot read, and for notices: they hold no message. */
function readLetter({ MessageId = '', ReceiptHandle = '', Body = '' }: Message): ReadableRecord | undefined {
  const record: SQSRecord = {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
  try {
    const read = readBody(record);
    return 'event' in read ? read : undefined;
  } catch {
    return undefined;
  }
}

async function forEachBatch(
  letters: readonly Message[],
  work: (batch: readonly Message[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < letters.length; start += batchSize) {
    await work(letters.slice(start, start + batchSize));
  }
}

const entriesOf = (batch: readonly Message[]) =>
  batch.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }));

const remove = (batch: readonly Message[]) =>
  sqs().send(
    new DeleteMessageBatchCommand({ QueueUrl: required('DEAD_LETTER_QUEUE_URL'), Entries: entriesOf(batch) }),
  );

const giveBack = (batch: readonly Message[]) =>
  sqs().send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: required('DEAD_LETTER_QUEUE_URL'),
      Entries: entriesOf(batch).map((entry) => ({ ...entry, VisibilityTimeout: 0 })),
    }),
  );
