import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';

/** Meta's reads of conversations take 30 to 90 s on some Pages. */
export const reconcileTimeoutSeconds = 300;

/**
 * What is to be looked up at Meta. Nothing is lost with it: the next reconciliation finds the same. So it is not
 * retained when the stack goes.
 */
export class ReconcileQueue extends Construct {
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
      visibilityTimeout: Duration.seconds(6 * reconcileTimeoutSeconds),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
  }

  /** Feeds the function, one lookup at a time; two at once, since Meta allows two calls a second anyway. */
  feed(consumer: GatewayFunction): void {
    this.grantSend(consumer);
    consumer.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 2 }),
    );
  }

  /** Gives the function the queue's URL and the right to send to it. */
  grantSend(sender: GatewayFunction): void {
    sender.setVariable('RECONCILE_QUEUE_URL', this.queue.queueUrl);
    sender.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }
}
