import { button, element, showRows } from './element.ts';
import type { ShownDelivery } from './wire.ts';

export interface DeliveryActions {
  readonly resend: (id: string) => void;
  readonly payloadOf: (id: string) => Promise<unknown>;
}

/** Whose payload is open: a row that changes, as by another try, stays as it was left. */
const opened = new Set<string>();

/** Shows the newest deliveries, newest first. */
export function showDeliveries(
  list: HTMLElement,
  deliveries: readonly ShownDelivery[],
  actions: DeliveryActions,
): void {
  showRows(
    list,
    deliveries.map((delivery) => ({
      key: delivery.id,
      version: JSON.stringify(delivery),
      build: () => deliveryRow(delivery, actions),
    })),
  );
}

function deliveryRow(delivery: ShownDelivery, { resend, payloadOf }: DeliveryActions): HTMLElement {
  const { id, kinds, state, status, tries, tookMs } = delivery;
  const at = new Date(delivery.atMs).toLocaleTimeString([], { hour12: false });
  const facts = [
    status === undefined ? undefined : `HTTP ${status}`,
    tookMs === undefined ? undefined : `${Math.round(tookMs)} ms`,
    `${tries} ${tries === 1 ? 'try' : 'tries'}`,
    state === 'waiting' && delivery.nextTryAtMs !== undefined
      ? `next ${new Date(delivery.nextTryAtMs).toLocaleTimeString([], { hour12: false })}`
      : undefined,
  ];
  const kindsText = kinds.join(', ') || 'event';
  const json = element('pre', { tabindex: '0', 'aria-label': 'Payload' });
  const payload = element(
    'details',
    {
      class: 'payload',
      ...(opened.has(id) ? { open: '' } : {}),
      on: {
        toggle: () => {
          if (payload.open) opened.add(id);
          else opened.delete(id);
          if (!payload.open || json.textContent !== '') return;
          payloadOf(id).then(
            (value) => json.replaceChildren(JSON.stringify(value, null, 2)),
            (error: unknown) => json.replaceChildren(String(error)),
          );
        },
      },
    },
    element('summary', { class: 'json-title' }, 'Payload'),
    json,
  );
  return element(
    'li',
    { class: `delivery ${state}` },
    element(
      'div',
      { class: 'delivery-top' },
      element('span', { class: `pill ${state}` }, state),
      element('strong', { class: 'kinds' }, kindsText),
      element('span', { class: 'quiet facts' }, [at, ...facts].filter(Boolean).join(' · ')),
      button('Send again', () => resend(id), { 'aria-label': `Send again: ${kindsText} of ${at}` }),
    ),
    payload,
  );
}
