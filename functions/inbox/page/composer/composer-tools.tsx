import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from '../shell/icon-button.tsx';
import { text } from '../text.ts';
import { EmojiPicker } from './emoji-picker.tsx';
import type { Attached } from './upload.ts';
import { UrlForm } from './url-form.tsx';

interface Properties {
  readonly onFile: () => void;
  readonly onAttach: (attached: Attached) => void;
  readonly onHeart: () => void;
  readonly onEmoji: (emoji: string) => void;
  readonly onSaved: () => void;
}

export function ComposerTools({ onFile, onAttach, onHeart, onEmoji, onSaved }: Properties): JSX.Element {
  const [shown, setShown] = useState<'emoji' | 'url'>();
  const toggle = (which: 'emoji' | 'url') => setShown(shown === which ? undefined : which);
  return (
    <div class="tools">
      <IconButton icon="clip" label={text.composer.attach} onClick={onFile} />
      <IconButton
        icon="link"
        label={text.composer.attachUrl}
        aria-expanded={shown === 'url'}
        onClick={() => toggle('url')}
      />
      <IconButton
        icon="smile"
        label={text.composer.emoji}
        aria-expanded={shown === 'emoji'}
        onClick={() => toggle('emoji')}
      />
      <IconButton icon="saved" label={text.composer.saved} onClick={onSaved} />
      <IconButton icon="heart" label={text.composer.heart} onClick={onHeart} />
      {shown === 'emoji' && (
        <EmojiPicker
          onPick={(emoji) => {
            setShown(undefined);
            onEmoji(emoji);
          }}
          onClose={() => setShown(undefined)}
        />
      )}
      {shown === 'url' && (
        <UrlForm
          onAttach={(attached) => {
            setShown(undefined);
            onAttach(attached);
          }}
        />
      )}
    </div>
  );
}
