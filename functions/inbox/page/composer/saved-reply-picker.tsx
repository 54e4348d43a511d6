import type { JSX } from 'preact';
import type { SavedReply } from '../api/shapes.ts';
import { text } from '../text.ts';

interface Properties {
  readonly replies: readonly SavedReply[];
  readonly hasAny: boolean;
  readonly chosen: number;
  readonly onPick: (reply: SavedReply) => void;
}

export const savedRepliesId = 'saved-replies';
export const savedReplyId = (place: number): string => `saved-reply-${place}`;

/** Opened by `/`: the composer keeps the focus, and its arrow keys move the choice. */
export function SavedReplyPicker({ replies, hasAny, chosen, onPick }: Properties): JSX.Element {
  if (replies.length === 0) {
    return (
      <div class="saved-picker">
        <p class="saved-note quiet" role="status">
          {hasAny ? text.saved.empty : text.saved.none}
        </p>
      </div>
    );
  }
  return (
    <div class="saved-picker" role="listbox" id={savedRepliesId} aria-label={text.saved.label}>
      {replies.map((reply, place) => (
        <button
          type="button"
          key={reply.id}
          id={savedReplyId(place)}
          role="option"
          tabIndex={-1}
          aria-selected={place === chosen}
          class="saved-option"
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(reply)}
        >
          <bdi class="saved-title">{reply.title}</bdi>
          <span class="saved-text quiet" dir="auto">
            {reply.text}
          </span>
        </button>
      ))}
    </div>
  );
}
