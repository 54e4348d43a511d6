import { openNeighbour } from '../conversations/neighbour.ts';
import { viewStore } from '../store/app.ts';
import { closeThread, showPanel } from './navigate.ts';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** The keys that work everywhere. What has a field of its own, such as the composer, takes its keys first. */
export function followKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === 'Escape') return leave(event);
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}

const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
  j: () => openNeighbour(1),
  k: () => openNeighbour(-1),
  r: ({ target }) => {
    const message = target instanceof Element ? target.closest('[data-message]') : undefined;
    const reply = message?.querySelector<HTMLElement>('[data-action="reply"]');
    if (reply) reply.click();
    else focusOn('#composer-text');
  },
  '/': () => focusOn('#search'),
  '?': () => viewStore.update((view) => ({ ...view, isHelpShown: true })),
};

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.focus();
}

/** One step out: of the field, the panel, the thread. */
function leave({ target }: KeyboardEvent): void {
  if (document.querySelector('dialog[open]')) return;
  if (isTyping(target)) (target as HTMLElement).blur();
  else if (viewStore.get().panel) showPanel(undefined);
  else closeThread();
}
