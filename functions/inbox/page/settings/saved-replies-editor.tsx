import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import type { SavedReply } from '../api/shapes.ts';
import { IconButton } from '../shell/icon-button.tsx';
import { savedRepliesStore } from '../store/app.ts';
import { messageOf } from '../store/connection.ts';
import { text } from '../text.ts';
import { type EditedReply, mergeReplies, toEdited } from './merge-replies.ts';
import { followSavedReplies, saveReplies } from './saved-replies-loader.ts';

const stored = (): readonly SavedReply[] => savedRepliesStore.get()?.replies ?? [];

export function SavedRepliesEditor(): JSX.Element {
  const [edited, setEdited] = useState<readonly EditedReply[]>([]);
  // Nothing can be typed before they are there: it would be overwritten, or would overwrite them.
  const [isLoaded, setLoaded] = useState(false);
  const [told, setTold] = useState<{ readonly words: string; readonly isError: boolean }>();
  const [isSaving, setSaving] = useState(false);
  useEffect(() => {
    void followSavedReplies().then(() => {
      setEdited(stored().map(toEdited));
      setLoaded(true);
    });
  }, []);
  const edit = (key: string, part: Pick<EditedReply, 'title'> | Pick<EditedReply, 'text'>) =>
    setEdited((all) => all.map((each) => (each.key === key ? { ...each, ...part } : each)));

  const takeTheirs = (key: string, theirs: SavedReply) =>
    setEdited((all) => all.map((each) => (each.key === key ? toEdited(theirs) : each)));

  const save = async (event: Event) => {
    event.preventDefault();
    if (edited.some((each) => each.title.trim() === '' || each.text.trim() === '')) {
      return setTold({ words: text.saved.incomplete, isError: true });
    }
    setSaving(true);
    const base = stored();
    try {
      await saveReplies(
        edited.map(({ id, title, text: words }) => ({ ...(id !== undefined && { id }), title, text: words })),
      );
      setEdited(stored().map(toEdited));
      setTold({ words: text.saved.saved, isError: false });
    } catch (error) {
      const isChanged = error instanceof ApiError && error.code === 'changed_meanwhile';
      if (isChanged) setEdited(mergeReplies(base, edited, stored()));
      setTold({ words: isChanged ? text.saved.changedMeanwhile : messageOf(error), isError: true });
    }
    setSaving(false);
  };
  return (
    <form class="saved-editor" onSubmit={(event) => void save(event)}>
      <h3>{text.saved.label}</h3>
      <ul>
        {edited.map(({ key, title, text: words, theirs }) => (
          <li key={key}>
            <div class="saved-editor-line">
              <label>
                {text.saved.title}
                <input
                  value={title}
                  maxLength={80}
                  dir="auto"
                  onInput={({ currentTarget }) => edit(key, { title: currentTarget.value })}
                />
              </label>
              <IconButton
                icon="trash"
                label={text.saved.remove(title)}
                onClick={() => setEdited((all) => all.filter((each) => each.key !== key))}
              />
            </div>
            <label>
              {text.saved.text}
              <textarea
                rows={3}
                value={words}
                dir="auto"
                onInput={({ currentTarget }) => edit(key, { text: currentTarget.value })}
              />
            </label>
            {theirs && (
              <div class="saved-editor-theirs">
                <p class="quiet">{text.saved.theirs}</p>
                <p>
                  <bdi>{theirs.title}</bdi>: <bdi>{theirs.text}</bdi>
                </p>
                <button type="button" class="secondary" onClick={() => takeTheirs(key, theirs)}>
                  {text.saved.takeTheirs}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {told && (
        <p class={told.isError ? 'field-error' : 'field-success'} role={told.isError ? 'alert' : 'status'}>
          {told.words}
        </p>
      )}
      <div class="form-buttons">
        <button
          type="button"
          class="secondary"
          disabled={!isLoaded}
          onClick={() => setEdited((all) => [...all, { key: crypto.randomUUID(), title: '', text: '' }])}
        >
          {text.saved.add}
        </button>
        <button type="submit" class="primary" disabled={isSaving || !isLoaded}>
          {isSaving ? text.saved.saving : text.saved.save}
        </button>
      </div>
    </form>
  );
}
