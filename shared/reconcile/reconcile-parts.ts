import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../instagram/ids.ts';
import type { GraphSecret } from '../runtime/secrets.ts';

export interface SendToQueue {
  readonly sqs: SQSClient;
  readonly eventsQueueUrl: string;
}

/** What reconciling needs of the world: the same for the function and for the owner's command. */
export interface ReconcileParts extends SendToQueue {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly account: AccountId;
  readonly secret: GraphSecret;
  /** No call to Meta is begun later than this, in ms. */
  readonly beginBeforeMs: number;
  /** Gives up what is going on: it ends as if no time were left. */
  readonly signal?: AbortSignal;
  /** Told of each step, for people who wait. */
  readonly onProgress?: (progress: string) => void;
}

/** Meta gave no turn in time, or time is up: what is not done is done next time. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}
