import { describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../../../shared/conversations/conversation-reader.ts';
import type { MessageState } from '../../../../shared/conversations/message-state.ts';
import type { MessageId } from '../../../../shared/instagram/ids.ts';
import { withoutRenamed } from '../../../../shared/sending/without-renamed.ts';

const nowMs = 1760000000000;
const message = (id: string, via: MessageState['via'], afterMs = 0, text = 'Thanks!'): StoredMessage => ({
  id: id as MessageId,
  timelineKey: `${nowMs + afterMs}#${id}`,
  state: {
    direction: 'out',
    via,
    sentAt: { atMs: nowMs + afterMs, rank: 'webhook_ms' },
    text: { value: text, version: [nowMs, 0] },
    content: { value: { kind: 'text' }, rank: 'messaging' },
  },
});
const shown = (...messages: readonly StoredMessage[]) => withoutRenamed(messages).map(({ id }) => id);

describe('the echo of our send under another id', () => {
  test.each([['send'], ['send', 'graph']] as const)('is the same message (told by %s)', (...via) => {
    expect(shown(message('echo', ['messaging'], 400), message('ours', via))).toEqual(['ours']);
  });

  test('of several sends each echo is one', () => {
    const sends = [message('a', ['send']), message('b', ['send'], 2_000)];
    const echoes = [message('x', ['messaging'], 300), message('y', ['messaging'], 2_300)];
    expect(shown(...sends, ...echoes)).toEqual(['a', 'b']);
  });
});

describe('stays', () => {
  test.each([
    ['what the owner typed, once our own echo has come', message('ours', ['send', 'messaging']), 400],
    ['another text', message('ours', ['send'], 0, 'Yes'), 400],
    ['the same text half a minute later', message('ours', ['send']), 30_000],
    ['what was typed, where nothing was sent here', message('ours', ['messaging']), 400],
  ])('%s', (_, ours, afterMs) => {
    expect(shown(message('typed', ['messaging'], afterMs), ours)).toEqual(['typed', 'ours']);
  });

  test('what the conversation at Meta tells of too, beside our own', () => {
    expect(shown(message('typed', ['messaging', 'graph'], 400), message('ours', ['send', 'graph']))).toEqual([
      'typed',
      'ours',
    ]);
  });

  test("what may be one of two sends' echo, and not both", () => {
    const sends = [message('a', ['send']), message('b', ['send'], 1_000)];
    expect(shown(message('x', ['messaging'], 300), ...sends)).toHaveLength(3);
  });

  test('what a customer wrote', () => {
    const theirs = message('theirs', ['messaging'], 100);
    const incoming = { ...theirs, state: { ...theirs.state, direction: 'in' as const } };
    expect(shown(incoming, message('ours', ['send']))).toEqual(['theirs', 'ours']);
  });
});
