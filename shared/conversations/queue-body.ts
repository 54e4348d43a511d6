import * as z from 'zod/mini';
import { notice } from '../account/notice.ts';
import { queuedReaction } from '../sending/own-reaction.ts';
import { queuedSendUpdate } from '../sending/send-update.ts';
import { queuedSend } from '../sending/sent-event.ts';
import { queuedFinding } from './graph-finding.ts';
import { queuedEvent } from './queued-event.ts';

/** Every body that a message on the events queue may have. */
export const queueBody = z.discriminatedUnion('source', [
  queuedEvent,
  queuedFinding,
  queuedSend,
  queuedSendUpdate,
  queuedReaction,
  notice,
]);
export type QueueBody = z.infer<typeof queueBody>;
