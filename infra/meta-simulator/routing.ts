import type { Deliveries } from './deliveries.ts';
import type { Actor } from './webhook-actions.ts';
import { appRolesUpdate, passUpdate, policyUpdate, requestUpdate, takeUpdate } from './webhook-notices.ts';
import type { World } from './world.ts';

/** What other apps of the business and Meta itself do to a thread or to the account. */
export interface Routing {
  /** The app in control gives the thread to another. */
  pass(customerId: string, appId: string, metadata: string): void;
  take(customerId: string, appId: string, metadata: string): void;
  request(customerId: string, appId: string, metadata: string): void;
  /** Roles by app id: `primary_receiver`, `secondary_receiver`. */
  assignRoles(roles: Readonly<Record<string, readonly string[]>>): void;
  enforcePolicy(enforced: { readonly action: 'block' | 'unblock'; readonly reason: string }): void;
}

export function createRouting(world: World, deliveries: Deliveries): Routing {
  const { account, clock, state } = world;
  const actor = (customerId: string): Actor => ({ accountId: account.id, customerId, atMs: clock.nowMs() });

  function handOver(customerId: string, newAppId: string, metadata: string) {
    const previousAppId = state.threads.of(customerId).ownerAppId;
    state.threads.passTo(customerId, newAppId);
    return { previousAppId, newAppId, metadata };
  }

  return {
    pass(customerId, appId, metadata) {
      deliveries.queue(passUpdate(actor(customerId), handOver(customerId, appId, metadata)));
    },
    take(customerId, appId, metadata) {
      deliveries.queue(takeUpdate(actor(customerId), handOver(customerId, appId, metadata)));
    },
    request(customerId, appId, metadata) {
      deliveries.queue(requestUpdate(actor(customerId), appId, metadata));
    },
    assignRoles(roles) {
      deliveries.queue(appRolesUpdate(account.id, clock.nowMs(), roles));
    },
    enforcePolicy(enforced) {
      state.set({ blocked: enforced.action === 'block' });
      deliveries.queue(policyUpdate(account.id, clock.nowMs(), enforced));
    },
  };
}
