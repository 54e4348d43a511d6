import { describe, expect, test } from 'vitest';
import type { Message } from '../../../../../functions/inbox/page/api/shapes.ts';
import { isHeldByOther } from '../../../../../functions/inbox/page/thread/held-by-other.ts';
import {
  emptyThread,
  mergeNewest,
  newestOnly,
  prependOlder,
  withReaction,
} from '../../../../../functions/inbox/page/thread/thread-state.ts';
import { messageOf } from '../conversation-of.ts';

const at = (second: number, more: Partial<Message> = {}) =>
  messageOf(`m${second}`, { sent_at: new Date(Date.UTC(2026, 10, 25, 9, 0, second)).toISOString(), ...more });
/** As the API gives it: newest first. */
const page = (seconds: readonly number[], cursor?: string) => ({
  data: seconds.map((second) => at(second)),
  ...(cursor !== undefined && { cursor }),
});
const ids = ({ messages }: { readonly messages: readonly Message[] }) => messages.map(({ id }) => id);

const thread = mergeNewest(emptyThread, page([4, 3], 'before-3'));

describe('a thread', () => {
  test('stands oldest first; older ones come above', () => {
    expect(ids(thread)).toEqual(['m3', 'm4']);
    const older = prependOlder(thread, page([2, 1]));
    expect(ids(older)).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(older.cursor).toBeUndefined();
  });

  test('a new message keeps what was scrolled to, and its way on', () => {
    const older = prependOlder(thread, page([2, 1], 'before-1'));
    const next = mergeNewest(older, page([5, 4], 'before-4'));
    expect(ids(next)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
    expect(next.cursor).toBe('before-1');
  });

  test('without a common message the older ones are loaded again, rather than a gap shown', () => {
    const next = mergeNewest(thread, page([9, 8], 'before-8'));
    expect(ids(next)).toEqual(['m8', 'm9']);
    expect(next.cursor).toBe('before-8');
  });

  test('what did not change stays the same object, what changed is another', () => {
    const next = mergeNewest(thread, { data: [at(4, { text: 'edited' }), at(3)], cursor: 'before-3' });
    expect(next.messages[0]).toBe(thread.messages[0]);
    expect(next.messages[1]).toMatchObject({ text: 'edited' });
  });

  test('a late message finds its place', () => {
    const next = mergeNewest(thread, { data: [at(4), at(3), at(2)], cursor: 'before-2' });
    expect(ids(next)).toEqual(['m2', 'm3', 'm4']);
  });

  test('a reaction of ours shows before the gateway tells it, and goes again', () => {
    const theirs = { by: 'customer' as const, emoji: '😂', at: '2026-11-25T09:00:00.000Z' };
    const reacted = withReaction(
      mergeNewest(emptyThread, { data: [at(1, { reactions: [theirs] })] }),
      'm1',
      '👍',
      '2026-11-25T09:01:00.000Z',
    );
    expect(reacted.messages[0]?.reactions?.map(({ emoji }) => emoji)).toEqual(['😂', '👍']);
    expect(withReaction(reacted, 'm1', undefined, '').messages[0]?.reactions).toEqual([theirs]);
  });

  test('a long one that was closed is let go', () => {
    expect(newestOnly(thread, 2)).toBe(thread);
    expect(newestOnly(thread, 1)).toBe(emptyThread);
  });

  test('another app holds it while the newest message of the customer is a copy', () => {
    expect(isHeldByOther([at(1), at(2, { standby: true }), at(3, { direction: 'out' })])).toBe(true);
    expect(isHeldByOther([at(1, { standby: true }), at(2)])).toBe(false);
  });
});
