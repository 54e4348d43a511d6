import type { Message } from '../api/shapes.ts';

/** Whether another app answers this conversation: what the customer wrote last came as a copy. */
export function isHeldByOther(messages: readonly Message[]): boolean {
  return messages.findLast(({ direction }) => direction === 'in')?.standby === true;
}
