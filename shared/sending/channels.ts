import type { MessageState } from '../conversations/message-state.ts';

/** How Meta tells of a message: by a webhook, or in a conversation that is read. Each may know it under another id. */
export type Channel = 'webhook' | 'graph';

/** By which Meta told of a message; none of one that only our own send tells of. */
export function channelsOf({ via }: Pick<MessageState, 'via'>): readonly Channel[] {
  const isByWebhook = via.includes('messaging') || via.includes('standby');
  return [
    ...(isByWebhook ? (['webhook'] as const) : []),
    ...(via.includes('graph') ? (['graph'] as const) : []),
  ];
}
