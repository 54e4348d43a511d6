import { byId } from './element.ts';
import type { CustomerAction } from './wire.ts';

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
      const action = actionOf(form.dataset.more, customer, value);
      if (action) act(action);
    });
  }
  byId('unsupported', HTMLButtonElement).addEventListener('click', () => {
    const customer = customerId();
    if (customer !== undefined) act({ action: 'write', customerId: customer, isUnsupported: true });
  });
}

function actionOf(kind: string | undefined, customerId: string, value: string): CustomerAction | undefined {
  switch (kind) {
    case 'story-mention':
      return { action: 'mentionInStory', customerId, url: value };
    case 'story-reply': {
      const replyToStory = { id: '17900000000000001', url: 'https://example.com/story.jpg' };
      return { action: 'write', customerId, text: value, replyToStory };
    }
    case 'link':
      return { action: 'followLink', customerId, ref: value };
    case 'comment':
      return { action: 'comment', customerId, text: value };
    default:
      return undefined;
  }
}
