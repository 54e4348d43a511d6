import { api } from '../api/api.ts';
import { ApiError } from '../api/request.ts';
import type { Session } from '../api/shapes.ts';
import { restoreOutgoing, resumeOutgoing } from '../composer/send.ts';
import { startList, stopList } from '../conversations/list-loader.ts';
import { followSavedReplies } from '../settings/saved-replies-loader.ts';
import { followStatus, stopStatus } from '../settings/status-loader.ts';
import { showThread, threadInAddress } from '../shell/navigate.ts';
import { sessionStore, threadsStore, viewStore } from '../store/app.ts';

/** The key of a sign-in link. It leaves the address at once, so that no history and no screenshot keeps it. */
function takeKeyFromAddress(): string | undefined {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!key) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return key;
}

export async function beginSession(): Promise<void> {
  restoreOutgoing();
  const key = takeKeyFromAddress();
  try {
    signedIn(key === undefined ? await api.session() : await api.signIn(key));
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status < 500;
    if (!isRefused) return signOutHere('no_answer');
    sessionStore.update(() =>
      key === undefined ? { phase: 'signed_out' } : { phase: 'signed_out', reason: 'refused' },
    );
  }
}

/** @throws ApiError 401 for a key that the gateway does not know, NoAnswer. */
export async function signIn(key: string): Promise<void> {
  signedIn(await api.signIn(key.trim()));
}

export async function signOut(): Promise<void> {
  await api.signOut();
  signOutHere();
}

/** The session has ended: what was begun is kept for whoever signs in again. */
export function signOutHere(reason?: 'ended' | 'no_answer'): void {
  if (sessionStore.get().phase === 'signed_out') return;
  sessionStore.update(() => (reason ? { phase: 'signed_out', reason } : { phase: 'signed_out' }));
  stopList();
  stopStatus();
  showThread(undefined);
  viewStore.update((view) => ({ ...view, panel: undefined, isHelpShown: false }));
  threadsStore.update(() => ({}));
}

function signedIn(session: Session): void {
  sessionStore.update(() => ({ phase: 'signed_in', session }));
  startList();
  followStatus();
  void followSavedReplies();
  resumeOutgoing();
  showThread(threadInAddress());
}
