import { api } from './api.ts';
import { createClockView } from './clock.ts';
import { createComposer } from './composer.ts';
import { showDeliveries } from './deliveries.ts';
import { button, byId, element } from './element.ts';
import { showFaults } from './faults.ts';
import { createMore } from './more.ts';
import { showThread } from './thread.ts';
import { createWebhookEvent } from './webhook-event.ts';
import type { CustomerAction, ShownButton, ShownQuickReply, ShownState } from './wire.ts';

const person = byId('person', HTMLSelectElement);
const thread = byId('thread', HTMLOListElement);
const notice = byId('notice', HTMLParagraphElement);
const connection = byId('connection', HTMLParagraphElement);
const callbackUrl = byId('callback-url', HTMLInputElement);
const callbackResult = byId('callback-result', HTMLParagraphElement);

let customerId: string | undefined;
/** The newest message of the business that each customer has looked at. */
const looked = new Map<string, string>();

function attempt(task: () => Promise<void>): void {
  task().then(
    () => {
      notice.hidden = true;
    },
    (error: unknown) => {
      notice.textContent = error instanceof Error ? error.message : String(error);
      notice.hidden = false;
    },
  );
}

async function act(action: CustomerAction): Promise<void> {
  await api.act(action);
  await refresh();
}

const tap = (title: string, payload: string) =>
  attempt(async () => {
    if (customerId !== undefined) await act({ action: 'tap', customerId, title, payload });
  });

const clock = createClockView((advanceMs) =>
  attempt(async () => {
    const { nowMs } = await api.advanceClock(advanceMs);
    clock.set(nowMs);
  }),
);
const composer = createComposer({ customerId: () => customerId, act, attempt });
createMore(
  () => customerId,
  (action) => attempt(() => act(action)),
);
createWebhookEvent(attempt);

/** One question at a time: a change that comes meanwhile is asked for once more. */
let asking: Promise<void> | undefined;
let askAgain = false;

function refresh(): Promise<void> {
  askAgain = asking !== undefined;
  asking ??= ask().finally(() => {
    asking = undefined;
  });
  return asking;
}

async function ask(): Promise<void> {
  do {
    askAgain = false;
    show(await api.state(customerId));
  } while (askAgain);
}

function show(state: ShownState): void {
  byId('about', HTMLParagraphElement).textContent =
    `${state.account.username} · ${state.account.id} · ${state.login === 'instagram' ? 'Instagram' : 'Facebook'} login`;
  byId('business', HTMLElement).textContent = state.account.username;
  showPeople(state);
  const isNew = showThread(thread, state.messages, state.seenByBusinessMid, {
    react: ({ id: mid }, reaction, emoji) => attempt(() => act({ action: 'react', mid, reaction, emoji })),
    unreact: ({ id: mid }) => attempt(() => act({ action: 'unreact', mid })),
    unsend: ({ id: mid }) => attempt(() => act({ action: 'unsend', mid })),
    reply: composer.replyTo,
    edit: composer.edit,
    tap,
  });
  showChoices(state);
  // After what stands below it, which takes of its height.
  if (isNew) thread.scrollTop = thread.scrollHeight;
  showDeliveries(byId('deliveries', HTMLOListElement), state.deliveries, {
    resend: (id) =>
      attempt(async () => {
        await api.resend(id);
      }),
    payloadOf: async (id) => (await api.payloadOf(id)).payload,
  });
  byId('no-deliveries', HTMLParagraphElement).hidden = state.deliveries.length > 0;
  showSubscription(state);
  showFaults(byId('faults', HTMLUListElement), state.faults, (name, probability, value) =>
    attempt(async () => {
      await api.setFault(name, probability, value);
    }),
  );
  clock.set(state.nowMs);
  showTyping(state);
  look(state);
}

function showPeople({ people }: ShownState): void {
  const known = new Set([...person.options].map(({ value }) => value));
  for (const { id, username, name } of people) {
    if (known.has(id)) continue;
    person.append(element('option', { value: id }, name === undefined ? username : `${name} (${username})`));
  }
  if (customerId === undefined && person.value !== '') choose(person.value);
}

function choose(id: string): void {
  customerId = id;
  person.value = id;
  composer.clear();
  attempt(refresh);
}

/** Ice breakers are offered in an empty thread, quick replies beneath the message they came with. */
function showChoices({ iceBreakers, messages }: ShownState): void {
  const newest = messages.at(-1);
  const quickReplies = newest?.fromBusiness ? (newest.quickReplies ?? []).map(asChoice) : [];
  showChips('ice-breakers', messages.length === 0 ? iceBreakers : [], tap);
  showChips('quick-replies', quickReplies, (title, payload) =>
    attempt(async () => {
      if (customerId === undefined) return;
      await act({ action: 'write', customerId, text: title, quickReply: { payload } });
    }),
  );
}

/** The app fills in the customer's own address or number, which is text and payload at once. */
function asChoice({ type, title, payload }: ShownQuickReply): ShownButton {
  const prefilled = type === 'user_email' ? 'ada@example.com' : '+15550100';
  return { title: title ?? prefilled, payload: payload ?? prefilled };
}

function showChips(id: string, choices: readonly ShownButton[], choose: typeof tap): void {
  const group = byId(id, HTMLFieldSetElement);
  const version = JSON.stringify(choices);
  if (group.dataset.version === version) return;
  group.dataset.version = version;
  group.hidden = choices.length === 0;
  group.replaceChildren(
    ...choices.map(({ title, payload }) => button(title, () => choose(title, payload), { class: 'chip' })),
  );
}

function showSubscription({ isSubscribed, callbackUrl: url }: ShownState): void {
  const pill = byId('subscription', HTMLSpanElement);
  pill.textContent = isSubscribed ? 'subscribed' : 'unsubscribed';
  byId('subscribe', HTMLButtonElement).hidden = isSubscribed;
  pill.className = `pill ${isSubscribed ? 'delivered' : 'dropped'}`;
  if (document.activeElement !== callbackUrl && callbackUrl.dataset.saved !== url) {
    callbackUrl.value = url ?? '';
    callbackUrl.dataset.saved = url ?? '';
  }
}

let typingEnds: ReturnType<typeof setTimeout> | undefined;

/** Nothing is told when the typing ends by itself. */
function showTyping({ typingUntilMs = 0, nowMs }: ShownState): void {
  const typing = byId('typing', HTMLParagraphElement);
  typing.hidden = typingUntilMs <= nowMs;
  clearTimeout(typingEnds);
  if (typing.hidden) return;
  typingEnds = setTimeout(() => {
    typing.hidden = true;
  }, typingUntilMs - nowMs);
}

/** A message that the page shows is one that the customer has seen. */
function look({ messages }: ShownState): void {
  const newest = messages.findLast(({ fromBusiness }) => fromBusiness);
  if (!newest || customerId === undefined || document.visibilityState !== 'visible') return;
  if (looked.get(customerId) === newest.id) return;
  looked.set(customerId, newest.id);
  const action = { action: 'see', customerId, mid: newest.id } as const;
  attempt(async () => {
    await api.act(action);
  });
}

person.addEventListener('change', () => choose(person.value));
document.addEventListener('visibilitychange', () => attempt(refresh));
byId('add-person', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const username = byId('username', HTMLInputElement);
  attempt(async () => {
    const { id } = await api.addPerson(username.value);
    username.value = '';
    document.querySelector('.add-person')?.removeAttribute('open');
    await refresh();
    choose(id);
    byId('text', HTMLTextAreaElement).focus();
  });
});
byId('callback', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  callbackResult.textContent = 'Asking…';
  attempt(async () => {
    const { ok, why } = await api.setCallback(callbackUrl.value);
    callbackResult.textContent = ok
      ? 'Saved: the webhook answered with the challenge.'
      : `Not saved. ${why ?? ''}`;
  });
});

byId('subscribe', HTMLButtonElement).addEventListener('click', () =>
  attempt(async () => {
    await api.subscribe();
  }),
);

const events = new EventSource('/simulator/events');
events.addEventListener('open', () => {
  connection.textContent = 'Live';
  connection.className = 'pill delivered';
  attempt(refresh);
});
events.addEventListener('error', () => {
  connection.textContent = 'Not connected';
  connection.className = 'pill dropped';
});
events.addEventListener('change', () => attempt(refresh));
