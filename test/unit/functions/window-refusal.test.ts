import { describe, expect, test } from 'vitest';
import { windowRefusal } from '../../../functions/send-message/window-refusal.ts';
import { replyWindow } from '../../../shared/conversations/reply-window.ts';

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 10, 25);
const wroteAgo = (hours: number, humanAgent = true) =>
  replyWindow({ lastInAtMs: nowMs - hours * hourMs }, nowMs, humanAgent);
const windows = {
  open: wroteAgo(1),
  'after a day': wroteAgo(25),
  'after a day, without the feature': wroteAgo(25, false),
  'after a week': wroteAgo(24 * 7 + 1),
  refused: replyWindow({ lastInAtMs: nowMs - 25 * hourMs, refusedAtMs: nowMs }, nowMs, true),
  'never opened': replyWindow({}, nowMs, true),
  unknown: replyWindow({ maybeOpenedAtMs: nowMs - hourMs }, nowMs, true),
};
type Window = keyof typeof windows;

const codeOf = (window: Window, request: Parameters<typeof windowRefusal>[0]) =>
  windowRefusal(request, windows[window])?.code;

describe('without the tag', () => {
  test.each<[Window, string | undefined]>([
    ['open', undefined],
    ['after a day', 'outside_reply_window'],
    ['after a day, without the feature', 'outside_reply_window'],
    ['after a week', 'outside_reply_window'],
    ['refused', 'outside_reply_window'],
    ['never opened', undefined],
    ['unknown', undefined],
  ])('%s: %s', (window, code) => {
    expect(codeOf(window, {})).toBe(code);
    expect(codeOf(window, { force: true })).toBeUndefined();
  });

  test('only where a person may still answer, the refusal says how', () => {
    expect(windowRefusal({}, windows['after a day'])?.message).toContain('"tag": "HUMAN_AGENT"');
    expect(windowRefusal({}, windows['after a week'])?.message).not.toContain('HUMAN_AGENT');
  });
});

describe('with the tag', () => {
  const tag = 'HUMAN_AGENT' as const;
  test.each<[Window, string | undefined, forced: string | undefined]>([
    ['open', 'human_agent_not_needed', 'human_agent_not_needed'],
    ['after a day', undefined, undefined],
    ['after a week', 'outside_human_agent_window', undefined],
    ['refused', 'outside_human_agent_window', undefined],
    ['never opened', 'human_agent_window_unknown', undefined],
    ['unknown', 'human_agent_window_unknown', undefined],
  ])('%s: %s, forced: %s', (window, code, forced) => {
    expect(codeOf(window, { tag })).toBe(code);
    expect(codeOf(window, { tag, force: true })).toBe(forced);
  });
});
