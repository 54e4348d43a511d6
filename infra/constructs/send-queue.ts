import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';

/** Above Meta's slowest answer, which is to a video. */
export const delivererTimeoutSeconds = 180;

/**
 * Wake-ups for `deliver-sends`: where to look, never what to send, which is in the table. So nothing is lost with
 * a wake-up, and the schedule finds whatever is stuck; the queue is not retained.
 */
export class SendQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const shared = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...shared,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...shared,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(6 * delivererTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
  }

  /** Feeds the function from the queue, a thread at a time: threads do not wait for each other's batch. */
  feed(consumer: GatewayFunction): void {
    this.grantSend(consumer);
    consumer.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 5 }),
    );
  }

  /** Gives the function the queue's URL and the right to send to it. */
  grantSend(sender: GatewayFunction): void {
    sender.setVariable('SENDS_QUEUE_URL', this.queue.queueUrl);
    sender.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }
}
