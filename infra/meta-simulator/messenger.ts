import type { Deliveries } from './deliveries.ts';
import type { World } from './world.ts';

/** Whoever writes to the Page on Messenger, who has nothing to do with Instagram. */
const psid = '6600000000000001';

export interface Messenger {
  /** Somebody writes to the Page. Told to an app that subscribed the object `page`, and to none else. */
  write(text: string): { readonly isTold: boolean };
}

/**
 * The Page's own messages: what arrives at a webhook that was set up for the object Page in place of Instagram.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
 */
export function createMessenger(world: World, deliveries: Deliveries): Messenger {
  const { clock, random, state, subscriptions } = world;
  return {
    write(text) {
      const isTold =
        state.switches.live &&
        state.subscribedFields !== undefined &&
        subscriptions.fieldsOf('page').includes('messages');
      if (!isTold) return { isTold };
      const nowMs = clock.nowMs();
      const item = {
        sender: { id: psid },
        recipient: { id: state.pageId },
        timestamp: nowMs,
        message: { mid: `m_${random.bytes(48).toString('base64url')}`, text },
      };
      deliveries.queuePayload({
        object: 'page',
        entry: [{ id: state.pageId, time: nowMs, messaging: [item] }],
      });
      return { isTold };
    },
  };
}
