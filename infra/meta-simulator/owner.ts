import type { HeldMessage } from './conversations.ts';
import type { Deliveries } from './deliveries.ts';
import { echoUpdate } from './echoes.ts';
import { newMid } from './ids.ts';
import type { World } from './world.ts';

/** The business's owner, with Instagram's own app in hand. */
export interface Owner {
  /** Answers a customer who has written. The gateway learns of it by the echo alone. */
  write(customerId: string, text: string): HeldMessage;
}

export function createOwner(world: World, deliveries: Deliveries): Owner {
  const { clock, conversations, random } = world;
  return {
    write(customerId, text) {
      const customer = conversations.withCustomer(customerId)?.customer;
      if (!customer) throw new RangeError(`Nobody of the id ${customerId} has written`);
      const message = { id: newMid(random), sentAtMs: clock.nowMs(), fromBusiness: true, text };
      conversations.add(customer, message);
      deliveries.queue(echoUpdate(world, { customer, message, appId: null }));
      return message;
    },
  };
}
