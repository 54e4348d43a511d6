import * as z from 'zod';
import { accountRoutes } from './control-account.ts';
import type { ControlOptions, Handler } from './control-options.ts';
import { ControlError, readAs, readBody, readJson } from './control-request.ts';
import { shownFaults, shownState } from './control-state.ts';
import { subscriptionRoutes } from './control-subscriptions.ts';
import { customerAction, perform } from './customer-actions.ts';
import { NoCallbackUrl } from './deliveries.ts';
import { examplePayloads } from './example-payloads.ts';
import { faultNames } from './faults.ts';
import { type Media, maxMediaBytes } from './media.ts';
import type { World } from './world.ts';

const username = z
  .string()
  .regex(/^[a-z0-9._]{1,30}$/, 'lower-case letters, digits, dots and underscores alone');
const newPerson = z.strictObject({ username, name: z.string().min(1).exactOptional() });
const faultSetting = z
  .strictObject({
    name: z.enum(faultNames),
    probability: z.number().min(0).max(1),
    value: z.number().exactOptional(),
  })
  .refine(({ name, value = 0 }) => value >= 0 || name === 'skewed_date', {
    path: ['value'],
    message: 'only the clock can be behind',
  });
const clockAdvance = z.strictObject({
  advanceMs: z
    .int()
    .min(1)
    .max(366 * 86_400_000),
});
/** What the page and scripts can ask, by method and path behind `/simulator/`. */
export function controlRoutes(options: ControlOptions, media: Media): Readonly<Record<string, Handler>> {
  const { world, clock, customers, deliveries } = options;

  /** What each customer saw last: a page that is opened again shows nothing new. */
  const seen = new Map<string, string>();

  function deliveryWith(id: string) {
    const found = deliveries.record.find((record) => record.id === id);
    if (!found) throw new ControlError(404, `No delivery ${id} is kept.`);
    return found;
  }

  return {
    ...accountRoutes(options),
    ...subscriptionRoutes(options),
    'GET state': (_request, url) =>
      shownState({ world, customers, deliveries }, url.searchParams.get('customer')),
    'POST actions': async (request) => {
      const asked = await readAs(customerAction, request);
      if (asked.action === 'see') {
        if (seen.get(asked.customerId) === asked.mid) return {};
        seen.set(asked.customerId, asked.mid);
      }
      return perform(customers, asked);
    },
    'POST people': async (request) => {
      const person = { id: newScopedId(world), ...(await readAs(newPerson, request)) };
      customers.add(person);
      return person;
    },
    'GET faults': () => ({ faults: shownFaults(world) }),
    'PUT faults': async (request) => {
      const { name, ...setting } = await readAs(faultSetting, request);
      world.faults.set(name, setting);
      return { name, ...setting };
    },
    'GET clock': () => ({ nowMs: clock.nowMs() }),
    'POST clock': async (request) => {
      const { advanceMs } = await readAs(clockAdvance, request);
      // A try that is under way sets its next one only when it has been answered.
      await deliveries.settled();
      await clock.advance(advanceMs);
      await deliveries.settled();
      return { nowMs: clock.nowMs() };
    },
    'POST deliveries': async (request) => {
      const { value } = await readJson(request);
      return answered(options.deliver(value));
    },
    'GET deliveries/*': (_request, _url, id) => deliveryWith(id),
    'POST deliveries/*/resend': (_request, _url, id) => answered(deliveries.resend(deliveryWith(id).id)),
    'GET examples': (_request, url) => {
      const customerId = url.searchParams.get('customer') ?? customers.people()[0]?.id ?? '';
      return { examples: examplePayloads(world, customerId) };
    },
    'POST media': async (request) => {
      const bytes = await readBody(request, maxMediaBytes);
      const { id, attachmentType } = media.add(request.headers['content-type'] ?? '', bytes);
      return { url: `http://127.0.0.1:${request.socket.localPort}/media/${id}`, attachmentType };
    },
  };
}

/** Digits, as Instagram-scoped ids are. */
function newScopedId({ random }: World): string {
  return String(10 ** 15 + random.below(9 * 10 ** 15));
}

/** What the webhook answered. Throws ControlError when there is none, or nobody answers there. */
async function answered(posted: Promise<{ readonly status: number }>): Promise<{ readonly status: number }> {
  try {
    const { status } = await posted;
    return { status };
  } catch (error) {
    if (error instanceof NoCallbackUrl) throw new ControlError(409, 'Set the callback URL first.');
    const reason = error instanceof Error ? error.message : String(error);
    throw new ControlError(502, `The webhook gave no answer: ${reason}`);
  }
}
