import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { AccountId } from '../instagram/ids.ts';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { errorFacts, log } from '../runtime/log.ts';
import type { ThreadId } from './send-row.ts';
import { toWakeUp } from './wake-up.ts';

/** Has `deliver-sends` look at a thread, after so many seconds. Never throws: its schedule finds what is stuck. */
export async function wakeThread(account: AccountId, thread: ThreadId, delaySeconds: number): Promise<void> {
  try {
    await sqs().send(
      new SendMessageCommand({
        QueueUrl: required('SENDS_QUEUE_URL'),
        MessageBody: JSON.stringify(toWakeUp(account, thread)),
        // SQS delays a message by at most 15 minutes.
        DelaySeconds: Math.min(delaySeconds, 900),
      }),
    );
  } catch (error) {
    log.warn('a thread could not be woken: the schedule will find it', errorFacts(error));
  }
}
