import type { JSX } from 'preact';
import type { Message } from '../api/shapes.ts';
import { text } from '../text.ts';

interface Properties {
  readonly reactions: NonNullable<Message['reactions']>;
  readonly mayReact: boolean;
  readonly onRemove: () => void;
}

/** Meta names a heart `love`, whatever the emoji. */
const emojiOf = ({ emoji, name }: { readonly emoji?: string; readonly name?: string }) =>
  emoji ?? (name === 'love' ? '❤️' : (name ?? '❤️'));

export function Reactions({ reactions, mayReact, onRemove }: Properties): JSX.Element {
  return (
    <span class="reactions">
      {reactions.map((reaction) => {
        const emoji = emojiOf(reaction as { emoji?: string; name?: string });
        return reaction.by === 'business' && mayReact ? (
          <button
            key="business"
            type="button"
            class="reaction ours"
            aria-label={text.actions.unreact(emoji)}
            title={text.actions.unreact(emoji)}
            onClick={onRemove}
          >
            {emoji}
          </button>
        ) : (
          <span key={reaction.by} class="reaction" role="img" aria-label={text.actions.theirReaction(emoji)}>
            {emoji}
          </span>
        );
      })}
    </span>
  );
}
