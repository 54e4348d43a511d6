import type { CustomerAction, ExamplePayload, ShownState } from './wire.ts';

/** The simulator refused; the message is its own. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

async function call<Answer>(
  method: string,
  path: string,
  body?: BodyInit,
  type = 'application/json',
): Promise<Answer> {
  const response = await fetch(`/simulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
  });
  const answer = (await response.json()) as Answer & { readonly error?: string };
  if (!response.ok) throw new Refused(answer.error ?? `The simulator answered ${response.status}`);
  return answer;
}

const send = <Answer>(method: string, path: string, value: unknown) =>
  call<Answer>(method, path, JSON.stringify(value));

export const api = {
  state: (customerId: string | undefined) =>
    call<ShownState>(
      'GET',
      `state${customerId === undefined ? '' : `?customer=${encodeURIComponent(customerId)}`}`,
    ),
  act: (action: CustomerAction) => send<object>('POST', 'actions', action),
  addPerson: (username: string) => send<{ id: string }>('POST', 'people', { username }),
  setFault: (name: string, probability: number, value: number | undefined) =>
    send<object>('PUT', 'faults', { name, probability, ...(value === undefined ? {} : { value }) }),
  advanceClock: (advanceMs: number) => send<{ nowMs: number }>('POST', 'clock', { advanceMs }),
  payloadOf: (deliveryId: string) =>
    call<{ payload: unknown }>('GET', `deliveries/${encodeURIComponent(deliveryId)}`),
  resend: (deliveryId: string) => call<object>('POST', `deliveries/${encodeURIComponent(deliveryId)}/resend`),
  /** Signs and sends the JSON text. */
  deliver: (json: string) => call<{ status: number }>('POST', 'deliveries', json),
  examples: () => call<{ examples: readonly ExamplePayload[] }>('GET', 'examples'),
  setCallback: (url: string) => send<{ ok: boolean; why?: string }>('PUT', 'callback', { url }),
  subscribe: () => send<object>('PUT', 'subscription', { subscribed: true }),
  upload: (file: Blob) => call<{ url: string; attachmentType: string }>('POST', 'media', file, file.type),
};
