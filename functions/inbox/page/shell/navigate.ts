import { type Panel, recipientStore, viewStore } from '../store/app.ts';
import { followThread } from '../thread/thread-loader.ts';

/** The open thread stands in the address, so that Back closes it and a reload keeps it. */
const hashOf = (id: string) => `#c=${encodeURIComponent(id)}`;

export function threadInAddress(): string | undefined {
  const found = /^#c=(.+)$/.exec(location.hash)?.[1];
  try {
    return found === undefined ? undefined : decodeURIComponent(found);
  } catch {
    return undefined;
  }
}

export function openThread(id: string): void {
  const { openId } = viewStore.get();
  if (openId === id) return;
  // From one thread to the next is no step back to the first.
  if (openId === undefined) history.pushState(null, '', hashOf(id));
  else history.replaceState(null, '', hashOf(id));
  showThread(id);
}

export function closeThread(): void {
  if (viewStore.get().openId === undefined) return;
  history.replaceState(null, '', location.pathname);
  showThread(undefined);
}

export function showThread(id: string | undefined): void {
  viewStore.update((view) => ({ ...view, openId: id }));
  followThread(id);
}

export function showPanel(panel: Panel | undefined): void {
  viewStore.update((view) => ({ ...view, panel }));
}

export function togglePanel(panel: Panel): void {
  showPanel(viewStore.get().panel === panel ? undefined : panel);
}

/** "Use This ID": the form opens with the recipient filled in. */
export function useRecipient(recipientId: string): void {
  recipientStore.update(() => recipientId);
  showPanel('send_by_id');
}

export function followAddress(): void {
  window.addEventListener('popstate', () => showThread(threadInAddress()));
}
