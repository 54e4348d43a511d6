import { api } from '../api/api.ts';
import type { SavedReply } from '../api/shapes.ts';
import { savedRepliesStore } from '../store/app.ts';

/** The team's: another person may have changed them since, so they are asked for whenever they are opened. */
export function followSavedReplies(): Promise<void> {
  return api.savedReplies().then(
    (replies) => savedRepliesStore.update(() => replies),
    () => {
      // What was loaded before stays; the editor asks again and shows why it cannot.
    },
  );
}

/** @throws ApiError 409 `changed_meanwhile`: the newer ones are then in the store. */
export async function saveReplies(replies: readonly Partial<SavedReply>[]): Promise<void> {
  const version = savedRepliesStore.get()?.version ?? 0;
  try {
    const saved = await api.changeSavedReplies(replies, version);
    savedRepliesStore.update(() => saved);
  } catch (error) {
    await followSavedReplies();
    throw error;
  }
}
