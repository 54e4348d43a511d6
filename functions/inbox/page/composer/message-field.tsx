import type { JSX, RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Conversation, SavedReply } from '../api/shapes.ts';
import { savedRepliesStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { SavedReplyPicker, savedRepliesId, savedReplyId } from './saved-reply-picker.tsx';
import { filledIn, insertReply, matchingReplies, slashQuery } from './saved-reply-text.ts';
import { tellTyping } from './tell-typing.ts';

interface Properties {
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  readonly conversation: Conversation;
  readonly onChange: (value: string) => void;
  readonly onSend: () => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** The text itself: it grows with what is written, sends on Enter, and opens the saved replies on `/`. */
export function MessageField({
  field,
  value,
  conversation,
  onChange,
  onSend,
  onFiles,
}: Properties): JSX.Element {
  const saved = useStore(savedRepliesStore)?.replies ?? [];
  const [query, setQuery] = useState<string>();
  const [chosen, setChosen] = useState(0);
  const found = query === undefined ? [] : matchingReplies(saved, query);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [value]);

  const look = ({ value: written, selectionStart }: HTMLTextAreaElement) => {
    setQuery(slashQuery(written, selectionStart));
    setChosen(0);
  };
  const pick = (reply: SavedReply) => {
    const element = field.current;
    if (!element) return;
    const inserted = insertReply(
      element.value,
      element.selectionStart,
      filledIn(reply.text, conversation.participant),
    );
    onChange(inserted.text);
    setQuery(undefined);
    element.focus();
    requestAnimationFrame(() => element.setSelectionRange(inserted.caret, inserted.caret));
  };
  const keyDown = (event: KeyboardEvent) => {
    const isOpen = query !== undefined;
    const reply = found[chosen];
    if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && found.length > 0) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((chosen + step + found.length) % found.length);
    } else if (isOpen && reply && (event.key === 'Enter' || event.key === 'Tab')) pick(reply);
    else if (isOpen && event.key === 'Escape') setQuery(undefined);
    // While an input method composes, Enter belongs to it.
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) onSend();
    else return;
    event.preventDefault();
  };
  return (
    <>
      {query !== undefined && (
        <SavedReplyPicker replies={found} hasAny={saved.length > 0} chosen={chosen} onPick={pick} />
      )}
      <textarea
        id="composer-text"
        ref={field}
        rows={1}
        dir="auto"
        aria-label={text.composer.label}
        aria-describedby="composer-meter"
        placeholder={text.composer.placeholder}
        title={text.composer.hint}
        enterkeyhint="send"
        value={value}
        {...(found.length > 0 && {
          'aria-controls': savedRepliesId,
          'aria-activedescendant': savedReplyId(chosen),
        })}
        onInput={({ currentTarget }) => {
          onChange(currentTarget.value);
          look(currentTarget);
          tellTyping(conversation.recipient_id);
        }}
        onBlur={() => setQuery(undefined)}
        onKeyDown={keyDown}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0) return;
          event.preventDefault();
          onFiles(files);
        }}
      />
    </>
  );
}
