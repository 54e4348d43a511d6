import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { QueuedFinding } from '../conversations/graph-finding.ts';
import { queueJson } from '../runtime/json.ts';
import type { SendToQueue } from './reconcile-parts.ts';

const maxBatchEntries = 10;

/** Puts findings on the events queue, whose consumer alone writes messages. @throws when the queue refuses some. */
export async function enqueueFindings(
  { sqs, eventsQueueUrl }: SendToQueue,
  findings: readonly QueuedFinding[],
): Promise<void> {
  for (let start = 0; start < findings.length; start += maxBatchEntries) {
    const { Failed = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: eventsQueueUrl,
        Entries: findings.slice(start, start + maxBatchEntries).map((finding, place) => ({
          Id: String(place),
          MessageBody: queueJson(finding),
        })),
      }),
    );
    if (Failed.length > 0) throw new Error(`The events queue refused ${Failed.length} findings`);
  }
}
