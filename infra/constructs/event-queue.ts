import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';

/** SQS's own limit since 2025. Stated, since tools still default to 256 KiB, and one webhook may fill a batch. */
const maxMessageSizeBytes = Size.mebibytes(1).toBytes();

/** The consumer's timeout; the queue's visibility timeout must be at least six times as long. */
export const consumerTimeoutSeconds = 30;

/**
 * The queue between webhook and store, with its dead-letter queue. Both are retained when the stack goes: an
 * event in them was acknowledged to Meta, which will not send it again, and an idle queue costs nothing.
 */
export class EventQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const shared = {
      maxMessageSizeBytes,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...shared,
      // Longer than the queue's own: a dead letter keeps the time of its first arrival.
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...shared,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(6 * consumerTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
  }

  /** Feeds the function from the queue. It is told the queue's URL, to set when a failed event comes again. */
  feed(consumer: GatewayFunction): void {
    consumer.setVariable('EVENTS_QUEUE_URL', this.queue.queueUrl);
    consumer.function.addEventSource(
      new SqsEventSource(this.queue, {
        // No batching window: a message is readable as soon as it can be.
        batchSize: 10,
        // One event that cannot be stored does not send its batch mates round again.
        reportBatchItemFailures: true,
        // A new account may run ten functions at once; half of them stay free for webhook and API. Fifty events
        // at a time are far above what Meta sends to one account.
        maxConcurrency: 5,
      }),
    );
  }

  /** Lets the function see how many messages are in the queue and in its dead-letter queue. */
  grantCount(reader: GatewayFunction): void {
    reader.setVariable('EVENTS_QUEUE_URL', this.queue.queueUrl);
    reader.setVariable('DEAD_LETTER_QUEUE_URL', this.deadLetterQueue.queueUrl);
    reader.allow(['sqs:GetQueueAttributes'], [this.queue.queueArn, this.deadLetterQueue.queueArn]);
  }

  /** Lets the function look through the dead letters and remove some. */
  grantSweep(sweeper: GatewayFunction): void {
    sweeper.setVariable('DEAD_LETTER_QUEUE_URL', this.deadLetterQueue.queueUrl);
    sweeper.allow(
      ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      [this.deadLetterQueue.queueArn],
    );
  }

  /** Gives the function the queue's URL and the right to send to it. */
  grantSend(sender: GatewayFunction): void {
    sender.setVariable('EVENTS_QUEUE_URL', this.queue.queueUrl);
    sender.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }
}
