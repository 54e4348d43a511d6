import type { JSX } from 'preact';
import type { Message } from '../api/shapes.ts';
import { text } from '../text.ts';
import { clockTime, fullTime } from '../time/format.ts';

interface Properties {
  readonly message: Message;
  /** The last bubble of a group tells the time; a mark such as "Edited" is told by each. */
  readonly isLast: boolean;
  /** The newest message that the customer saw says so. */
  readonly isSeenMark: boolean;
}

/** The small print beneath a bubble. */
export function MessageMarks({ message, isLast, isSeenMark }: Properties): JSX.Element | null {
  const { direction, sent_at, edited_at, read_at, recovered, standby, missing_at_meta_since } = message;
  const marks = [
    edited_at !== undefined &&
      message.kind !== 'deleted' && { words: text.thread.edited, hint: fullTime(edited_at) },
    recovered && { words: text.thread.recovered, hint: text.thread.recoveredHint },
    standby && { words: text.thread.standby, hint: text.thread.standbyHint },
    missing_at_meta_since !== undefined && { words: text.thread.missing, hint: text.thread.missingHint },
  ].filter((mark) => mark !== false && mark !== undefined);
  const seen = isSeenMark && read_at !== undefined;
  if (!isLast && marks.length === 0 && !seen) return null;
  return (
    <p class="marks">
      {isLast && direction === 'out' && <bdi>{authorOf(message)}</bdi>}
      {isLast && sent_at !== undefined && (
        <time dateTime={sent_at} title={fullTime(sent_at)}>
          {clockTime(sent_at)}
        </time>
      )}
      {marks.map(({ words, hint }) => (
        <span key={words} title={hint}>
          {words}
        </span>
      ))}
      {seen && <span title={fullTime(read_at)}>{text.thread.seen}</span>}
    </p>
  );
}

function authorOf({ sent_by }: Message): string {
  if (!sent_by) return text.thread.fromInstagram;
  return sent_by.kind === 'bot' ? text.thread.byBot(sent_by.name) : sent_by.name;
}
