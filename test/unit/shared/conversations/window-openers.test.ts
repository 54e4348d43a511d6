import { expect, test } from 'vitest';
import { windowOpeners } from '../../../../shared/conversations/window-openers.ts';
import { messageKinds } from '../../../../shared/instagram/message-content.ts';

const actsThat = (opens: string) =>
  Object.entries(windowOpeners)
    .filter(([, opener]) => opener.opens === opens)
    .map(([act]) => act)
    .sort();

test('every kind of message is in the table, with its source', () => {
  expect(Object.keys(windowOpeners).sort()).toEqual(
    [...messageKinds, 'edit', 'reaction', 'seen', 'unsend'].sort(),
  );
  expect(Object.values(windowOpeners).filter(({ source }) => source === '')).toEqual([]);
});

test('what no page settles opens nothing for sure', () => {
  expect(actsThat('unconfirmed')).toEqual(['edit', 'optin', 'reaction', 'referral', 'unknown_event']);
  expect(actsThat('no')).toEqual(['comment', 'handover', 'history_start', 'seen', 'unsend']);
});
