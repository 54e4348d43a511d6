import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Notice } from '../../shared/account/notice.ts';
import { sqs } from '../../shared/runtime/clients/sqs.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import { onceAMinute } from '../../shared/runtime/once-a-minute.ts';

/** Whoever waits for the answer is Meta, or somebody who must not be able to hold us up. */
const maxMs = 1000;

const isDue = onceAMinute();

/**
 * Puts a notice in the events queue. What anybody can cause goes there at most once a minute a process, so that
 * nobody fills the queue. A failure is logged and changes no answer.
 */
export async function reportNotice(seen: Omit<Notice, 'v' | 'source'>): Promise<void> {
  // Only who knows the verify token passes a handshake, and each may be the one that is waited for.
  if (seen.notice !== 'handshake_passed' && !isDue(seen.notice)) return;
  const body: Notice = { v: 1, source: 'notice', ...seen };
  try {
    await sqs().send(
      new SendMessageCommand({ QueueUrl: required('EVENTS_QUEUE_URL'), MessageBody: JSON.stringify(body) }),
      { abortSignal: AbortSignal.timeout(maxMs) },
    );
  } catch (error) {
    log.warn('a notice could not be queued', { ...errorFacts(error), notice: seen.notice });
  }
}
