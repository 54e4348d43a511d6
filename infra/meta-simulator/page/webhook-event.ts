import { api } from './api.ts';
import { byId, element } from './element.ts';

/** "Simulate Webhook Event": a payload of one's own, signed and sent. */
export function createWebhookEvent(attempt: (task: () => Promise<void>) => void): void {
  const form = byId('event', HTMLFormElement);
  const example = byId('example', HTMLSelectElement);
  const payload = byId('payload', HTMLTextAreaElement);
  const result = byId('event-result', HTMLParagraphElement);

  async function loadExample(): Promise<void> {
    // Asked anew each time, so that two loads give two messages.
    const { examples } = await api.examples();
    if (example.options.length === 0) {
      example.append(
        element('option', { value: '' }, 'Choose a kind…'),
        ...examples.map(({ kind }) => element('option', { value: kind }, kind)),
      );
    }
    const chosen = examples.find(({ kind }) => kind === example.value);
    if (chosen) payload.value = JSON.stringify(chosen.payload, null, 2);
  }

  async function send(): Promise<void> {
    try {
      JSON.parse(payload.value);
    } catch (error) {
      result.textContent = `Not sent: this is no JSON. ${error instanceof Error ? error.message : ''}`;
      payload.focus();
      return;
    }
    result.textContent = 'Sending…';
    try {
      const { status } = await api.deliver(payload.value);
      result.textContent = `The webhook answered ${status}.`;
    } catch (error) {
      result.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  example.addEventListener('change', () => attempt(loadExample));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(send);
  });
  attempt(loadExample);
}
