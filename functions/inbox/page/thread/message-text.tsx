import type { JSX } from 'preact';
import { text as words } from '../text.ts';
import { isEmojiOnly, textParts } from './text-parts.ts';

/** A customer's text is text: nothing in it is markup, links lead to the web alone, and what would not be seen is marked. */
export function MessageText({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class={`message-text ${isEmojiOnly(text) ? 'large' : ''}`} dir="auto">
      {textParts(text).map((part, place) => {
        if (part.type === 'link') {
          return (
            <a key={place} href={part.href} target="_blank" rel="noopener noreferrer">
              {part.text}
            </a>
          );
        }
        if (part.type === 'hidden') {
          return (
            <span key={place} class="hidden-character" title={words.hiddenCharacter(part.name)}>
              {part.name}
            </span>
          );
        }
        return part.text;
      })}
    </p>
  );
}
