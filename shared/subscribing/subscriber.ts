import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type PublishedEvent, publishedEvent } from '../conversations/published-event.ts';
import { beginLog, errorFacts, log } from '../runtime/log.ts';
import { delayRetry } from './delay-retry.ts';

const firstDelaySeconds = 5;
const maxDelaySeconds = 900;

/** What a subscriber is told beside the event. */
export interface Delivered {
  /** How often this event has come, this time included. SQS's own count. */
  readonly tries: number;
  /** How long the invocation may still take, in ms. */
  readonly remainingMs: () => number;
}

/** Thrown for an event that is to come again after so long. Its message is logged: no text, name or id of anyone. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly afterSeconds: number;
  constructor(afterSeconds: number, reason: string) {
    super(reason);
    this.afterSeconds = afterSeconds;
  }
}

/**
 * The handler of a function that an `EventSubscriber` runs. Each event is handed over by itself, those of a batch at the
 * same time, so that a slow one keeps no other waiting. When `handle` throws, its event alone comes again: after 5 s,
 * 10 s, 20 s …, or after as long as a `RetryLater` says. An event may come twice: `handle` must bear that.
 */
export function subscriber(handle: (event: PublishedEvent, delivered: Delivered) => Promise<void>) {
  return async (batch: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    beginLog({ function_request_id: context.awsRequestId });
    const outcomes = await Promise.all(
      batch.Records.map(async (record) => {
        const tries = Number(record.attributes.ApproximateReceiveCount) || 1;
        try {
          const event = publishedEvent.parse(JSON.parse(record.body));
          await handle(event, { tries, remainingMs: () => context.getRemainingTimeInMillis() });
          return [];
        } catch (error) {
          const facts = { ...factsOf(error), sqs_message_id: record.messageId, tries };
          if (error instanceof RetryLater) log.warn('an event is tried again later', facts);
          else log.error('an event could not be dealt with', facts);
          await delayRetry(record, delayOf(error, tries));
          return [{ itemIdentifier: record.messageId }];
        }
      }),
    );
    return { batchItemFailures: outcomes.flat() };
  };
}

const delayOf = (error: unknown, tries: number) =>
  error instanceof RetryLater
    ? error.afterSeconds
    : Math.min(firstDelaySeconds * 2 ** (tries - 1), maxDelaySeconds);

const factsOf = (error: unknown) =>
  error instanceof RetryLater
    ? { reason: error.message, after_seconds: error.afterSeconds }
    : errorFacts(error);
