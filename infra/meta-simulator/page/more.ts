import { byId } from './element.ts';
import type { CustomerAction } from './wire.ts';

const story = { id: '17900000000000001', url: 'https://example.com/story.jpg' };

/** The rarer things a customer does, behind the composer's "More". */
export function createMore(
  customerId: () => string | undefined,
  act: (action: CustomerAction) => void,
): void {
  const toggle = byId('more', HTMLButtonElement);
  const panel = byId('more-panel', HTMLDivElement);
  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute('aria-expanded', String(!panel.hidden));
    if (!panel.hidden) panel.querySelector('input')?.focus();
  });

  for (const form of panel.querySelectorAll('form')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const value = new FormData(form).get('value');
      const customer = customerId();
      if (typeof value !== 'string' || customer === undefined) return;
      const action = actions.get(form.dataset.more ?? '')?.(customer, value);
      if (action) act(action);
    });
  }
  byId('unsupported', HTMLButtonElement).addEventListener('click', () => {
    const customer = customerId();
    if (customer !== undefined) act({ action: 'write', customerId: customer, isUnsupported: true });
  });
}

type Build = (customerId: string, value: string) => CustomerAction;

const actions: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['story-mention', (customerId, url) => ({ action: 'mentionInStory', customerId, url })],
  ['story-reply', (customerId, text) => ({ action: 'write', customerId, text, replyToStory: story })],
  ['link', (customerId, ref) => ({ action: 'followLink', customerId, ref })],
  ['comment', (customerId, text) => ({ action: 'comment', customerId, text })],
]);
