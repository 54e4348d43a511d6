import { readStored, writeStored } from '../store/storage.ts';
import { createStore } from '../store/store.ts';

export interface Draft {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo?: { readonly id: string; readonly excerpt: string };
}

export const emptyDraft: Draft = { text: '' };

type Drafts = Readonly<Record<string, Draft>>;
const storedAs = 'inbox.drafts';

/** What was begun in each conversation. It outlives a reload and a sign-out. */
export const drafts = createStore<Drafts>(readStored<Drafts>(storedAs, {}));

export function changeDraft(conversationId: string, change: (draft: Draft) => Draft): void {
  drafts.update((all) => withDraft(all, conversationId, change(all[conversationId] ?? emptyDraft)));
  writeStored(storedAs, drafts.get());
}

export function withDraft(all: Drafts, conversationId: string, draft: Draft): Drafts {
  const { [conversationId]: _, ...others } = all;
  return draft.text === '' && draft.replyTo === undefined ? others : { ...others, [conversationId]: draft };
}
