import * as z from 'zod';
import type { Conversation } from './conversations.ts';
import type { Customers } from './customers.ts';
import type { Deliveries } from './deliveries.ts';
import type { DeliveryRecord } from './delivery-record.ts';
import { type FaultName, faultNames } from './faults.ts';
import type { ShownButton, ShownDelivery, ShownFault, ShownState } from './page/wire.ts';
import type { World } from './world.ts';

const shownMessages = 200;
const shownDeliveries = 100;

/** What the value of a fault means; the other faults have none. */
const valueLabels: Partial<Record<FaultName, string>> = {
  delayed_delivery: 'Delay in ms',
  token_refused: 'Subcode of 190',
  slow_read: 'Duration in ms',
  skewed_date: 'Off by ms',
  send_times_out: 'Hangs up after ms',
  send_is_lost: 'Hangs up after ms',
};

export interface StateSources {
  readonly world: World;
  readonly customers: Customers;
  readonly deliveries: Deliveries;
}

/** What the page shows, with the thread of this customer or of the first. */
export function shownState({ world, customers, deliveries }: StateSources, asked: string | null): ShownState {
  const { account, login, clock, conversations, subscriptions } = world;
  const callbackUrl = subscriptions.of('instagram')?.callbackUrl;
  const people = customers.people();
  const customerId = asked ?? people[0]?.id ?? '';
  const messages = threadOf(conversations.withCustomer(customerId));
  const { seenAtMs = 0, typingUntilMs } = world.state.threads.of(customerId);
  const seen = messages.findLast(({ fromBusiness, sentAtMs }) => !fromBusiness && sentAtMs <= seenAtMs);
  return {
    account: { id: account.id, username: account.username },
    login,
    nowMs: clock.nowMs(),
    people,
    messages,
    ...(seen ? { seenByBusinessMid: seen.id } : {}),
    ...(typingUntilMs === undefined ? {} : { typingUntilMs }),
    deliveries: deliveries.record.slice(-shownDeliveries).reverse().map(shownDelivery),
    faults: shownFaults(world),
    iceBreakers: iceBreakersOf(world),
    isSubscribed: deliveries.subscribed,
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  };
}

function threadOf(conversation: Conversation | undefined): ShownState['messages'] {
  return (conversation?.messages ?? []).slice(0, shownMessages).reverse();
}

function shownDelivery(record: DeliveryRecord): ShownDelivery {
  const { payload: _, ...shown } = record;
  return shown;
}

export function shownFaults({ faults }: Pick<World, 'faults'>): readonly ShownFault[] {
  const settings = faults.all();
  return faultNames.map((name) => {
    const valueLabel = valueLabels[name];
    return {
      name,
      probability: 0,
      ...settings[name],
      ...(valueLabel === undefined ? {} : { valueLabel }),
    };
  });
}

const heldIceBreaker = z.object({ question: z.string(), payload: z.string() });
/** Flat, or one set for each locale. */
const heldIceBreakers = z.array(
  z.union([heldIceBreaker, z.object({ call_to_actions: z.array(heldIceBreaker) })]),
);

function iceBreakersOf({ state }: World): readonly ShownButton[] {
  const held = heldIceBreakers.safeParse(state.messengerProfile.get('ice_breakers'));
  if (!held.success) return [];
  return held.data
    .flatMap((item) => ('call_to_actions' in item ? item.call_to_actions : item))
    .map(({ question, payload }) => ({ title: question, payload }));
}
