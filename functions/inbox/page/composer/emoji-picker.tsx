import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text.ts';
import { emoji } from './emoji.ts';

interface Properties {
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPicker({ onPick, onClose }: Properties): JSX.Element {
  const picker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    picker.current?.querySelector('button')?.focus({ preventScroll: true });
    const elsewhere = ({ target }: Event) => {
      if (!picker.current?.parentElement?.contains(target as Node)) onClose();
    };
    document.addEventListener('pointerdown', elsewhere);
    return () => document.removeEventListener('pointerdown', elsewhere);
  }, []);
  return (
    <div
      ref={picker}
      class="emoji-picker"
      role="dialog"
      aria-label={text.composer.emoji}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose();
      }}
    >
      {emoji.map((line) => (
        <div key={line[0]} class="emoji-line">
          {line.map((each) => (
            <button
              key={each}
              type="button"
              class="emoji-button"
              aria-label={each}
              onClick={() => onPick(each)}
            >
              {each}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
