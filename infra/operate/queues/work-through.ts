import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { giveBack, receive, remove, sendCopies, sentAtMs } from './letters.ts';

/** Longer than one loop takes at its bound. Whoever dies meanwhile leaves the rest hidden for so long, not lost. */
const hiddenSeconds = 300;

export type Work =
  /** Looks only. */
  | { readonly action: 'look' }
  /** Puts each message into this queue, and only then takes it away. */
  | { readonly action: 'move'; readonly to: string }
  /** Takes each away for good. */
  | { readonly action: 'purge' };

export interface WorkOptions {
  /** No more than these are taken. */
  readonly limit: number;
  /** Messages that came later are left: one that fails anew comes back, and would be taken again and again. */
  readonly startedAtMs: number;
  readonly onProgress: (done: number) => void;
  /** Ends the work in order. */
  readonly signal?: AbortSignal;
}

export interface Worked {
  /** Every message that was looked at and not newer than the start. */
  readonly seen: readonly Message[];
  /** Moved or purged. */
  readonly done: number;
  /** The queue did not take them, or they could not be removed after. */
  readonly failed: number;
}

/**
 * Goes through a queue once. A message is in one of two queues at every moment, or for a moment in both: whoever is
 * killed midway loses none, and runs it again. What is not taken is shown again at the end.
 */
export async function workThrough(
  client: SQSClient,
  url: string,
  work: Work,
  { limit, startedAtMs, onProgress, signal }: WorkOptions,
): Promise<Worked> {
  const seen: Message[] = [];
  const held: Message[] = [];
  let done = 0;
  let failed = 0;
  try {
    while (seen.length < limit && !signal?.aborted) {
      const batch = await receive(client, url, hiddenSeconds);
      if (batch.length === 0) break;
      const old = batch.filter((message) => sentAtMs(message) <= startedAtMs);
      const wanted = old.slice(0, limit - seen.length);
      held.push(...batch.filter((message) => !wanted.includes(message)));
      if (wanted.length === 0) break;
      seen.push(...wanted);
      const taken = await take(client, url, work, wanted);
      held.push(...wanted.filter((message) => !taken.includes(message)));
      done += taken.length;
      failed += work.action === 'look' ? 0 : wanted.length - taken.length;
      onProgress(seen.length);
    }
  } finally {
    await giveBack(client, url, held);
  }
  return { seen, done, failed };
}

async function take(
  client: SQSClient,
  url: string,
  work: Work,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  switch (work.action) {
    case 'look':
      return [];
    case 'move':
      return remove(client, url, await sendCopies(client, work.to, messages));
    case 'purge':
      return remove(client, url, messages);
  }
}
