import * as z from 'zod';
import type { Customers } from './customers.ts';
import type { CustomerAction } from './page/wire.ts';

const id = z.string().min(1);
const story = z.object({ id: z.string(), url: z.string() });
const attachment = z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()).exactOptional() });

/** What a customer can be told to do. */
export const customerAction: z.ZodType<CustomerAction> = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('write'),
    customerId: id,
    text: z.string().min(1).exactOptional(),
    attachments: z.array(attachment).exactOptional(),
    replyToMid: id.exactOptional(),
    replyToStory: story.exactOptional(),
    quickReply: z.object({ payload: z.string() }).exactOptional(),
    isUnsupported: z.boolean().exactOptional(),
  }),
  z.strictObject({ action: z.literal('edit'), mid: id, text: z.string().min(1) }),
  z.strictObject({ action: z.literal('unsend'), mid: id }),
  z.strictObject({
    action: z.literal('react'),
    mid: id,
    reaction: z.string().min(1),
    emoji: z.string().min(1),
  }),
  z.strictObject({ action: z.literal('unreact'), mid: id }),
  z.strictObject({ action: z.literal('tap'), customerId: id, title: z.string().min(1), payload: z.string() }),
  z.strictObject({ action: z.literal('see'), customerId: id, mid: id }),
  z.strictObject({ action: z.literal('followLink'), customerId: id, ref: z.string().min(1) }),
  z.strictObject({ action: z.literal('mentionInStory'), customerId: id, url: z.url() }),
  z.strictObject({ action: z.literal('comment'), customerId: id, text: z.string().min(1) }),
]);

/** Does it; gives the mid where a message came of it. */
export function perform(customers: Customers, asked: CustomerAction): { readonly mid?: string } {
  switch (asked.action) {
    case 'write': {
      const { action: _, customerId, ...message } = asked;
      return { mid: customers.write(customerId, message).id };
    }
    case 'edit':
      customers.edit(asked.mid, asked.text);
      return {};
    case 'unsend':
      customers.unsend(asked.mid);
      return {};
    case 'react':
      customers.react(asked.mid, { reaction: asked.reaction, emoji: asked.emoji });
      return {};
    case 'unreact':
      customers.react(asked.mid, undefined);
      return {};
    case 'tap':
      customers.tap(asked.customerId, { title: asked.title, payload: asked.payload });
      return {};
    case 'see':
      customers.see(asked.customerId, asked.mid);
      return {};
    case 'followLink':
      customers.followLink(asked.customerId, { ref: asked.ref });
      return {};
    case 'mentionInStory':
      customers.mentionInStory(asked.customerId, asked.url);
      return {};
    case 'comment':
      customers.comment(asked.customerId, { text: asked.text });
      return {};
  }
}
