import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Message } from '../api/shapes.ts';
import { EmojiPicker } from '../composer/emoji-picker.tsx';
import { IconButton } from '../shell/icon-button.tsx';
import { announce } from '../store/app.ts';
import { text } from '../text.ts';

const quick = ['❤️', '👍', '😂'] as const;

interface Properties {
  readonly message: Message;
  readonly mayReply: boolean;
  readonly onReply: () => void;
  readonly onReact: (emoji: string) => void;
}

/** Shown for the bubble under the pointer and for the one in focus. */
export function BubbleActions({ message, mayReply, onReply, onReact }: Properties): JSX.Element {
  const [isPicking, setPicking] = useState(false);
  const copy = (value: string) => void navigator.clipboard.writeText(value).then(() => announce(text.copied));
  const hasMid = !message.id.startsWith('entry_');
  return (
    <div class={`bubble-actions ${isPicking ? 'stay' : ''}`} role="toolbar" aria-label={text.actions.label}>
      {mayReply && hasMid && (
        <>
          <button type="button" class="text-button" data-action="reply" onClick={onReply}>
            {text.actions.reply}
          </button>
          {quick.map((emoji) => (
            <button
              key={emoji}
              type="button"
              class="emoji-button"
              aria-label={text.actions.reactWith(emoji)}
              onClick={() => onReact(emoji)}
            >
              {emoji}
            </button>
          ))}
          <IconButton
            icon="smile"
            size={18}
            class="small"
            label={text.actions.more}
            aria-expanded={isPicking}
            onClick={() => setPicking(!isPicking)}
          />
        </>
      )}
      <IconButton
        icon="copy"
        size={16}
        class="small"
        label={text.actions.copyMessageId}
        onClick={() => copy(message.id)}
      />
      {isPicking && (
        <EmojiPicker
          onPick={(emoji) => {
            setPicking(false);
            onReact(emoji);
          }}
          onClose={() => setPicking(false)}
        />
      )}
    </div>
  );
}
