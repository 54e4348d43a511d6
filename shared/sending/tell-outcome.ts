import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { sqs } from '../runtime/clients/sqs.ts';
import { required } from '../runtime/environment.ts';
import { queueJson } from '../runtime/json.ts';
import { errorFacts, log } from '../runtime/log.ts';
import type { SendLedger } from './send-ledger.ts';
import type { SendRow } from './send-row.ts';
import { toQueuedSendUpdate } from './send-update.ts';

/**
 * Has the subscribers told of a send that failed or has no outcome, and notes that they were. Never throws: until it is
 * noted the row is unsettled, and the schedule of `deliver-sends` tells it.
 * @returns the row as it is then.
 */
export async function tellOutcome(ledger: SendLedger, row: SendRow): Promise<SendRow> {
  const update = toQueuedSendUpdate(row);
  if (!update) return row;
  try {
    await sqs().send(
      new SendMessageCommand({ QueueUrl: required('EVENTS_QUEUE_URL'), MessageBody: queueJson(update) }),
    );
    return (await ledger.noteTold(row)) ?? row;
  } catch (error) {
    log.warn('the outcome of a send could not be told yet', errorFacts(error));
    return row;
  }
}
