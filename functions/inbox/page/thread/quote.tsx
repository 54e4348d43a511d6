import type { JSX } from 'preact';
import type { Message } from '../api/shapes.ts';
import { contentOf } from '../conversations/preview.ts';
import { text } from '../text.ts';

interface Properties {
  /** Absent when the message is not loaded. */
  readonly quoted: Message | undefined;
  readonly name: string;
}

/** The message that a reply answers; it leads there. */
export function Quote({ quoted, name }: Properties): JSX.Element {
  if (!quoted) return <p class="quote">{text.thread.quoteGone}</p>;
  const author = quoted.direction === 'out' ? text.thread.you : name;
  const go = () => {
    const target = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(quoted.id)}"]`);
    target?.scrollIntoView({ block: 'center' });
    target?.focus();
  };
  return (
    <button
      type="button"
      class="quote"
      onClick={go}
      aria-label={`${text.thread.quoted}: ${contentOf(quoted)}`}
    >
      <bdi class="quote-author">{author}</bdi>
      <span class="quote-words" dir="auto">
        {contentOf(quoted)}
      </span>
    </button>
  );
}
