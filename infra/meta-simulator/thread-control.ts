import { parseRecipient } from './send-envelope.ts';
import { sendErrors } from './send-errors.ts';
import type { World } from './world.ts';

export const threadControls = [
  'take_thread_control',
  'pass_thread_control',
  'release_thread_control',
  'request_thread_control',
] as const;

/**
 * The calls that move a thread between apps; `appId` is the calling one. Without a default app passing and requesting work, taking does not.
 * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/conversation-routing
 */
export function controlThread(
  { state, conversations }: World,
  control: (typeof threadControls)[number],
  body: Readonly<Record<string, unknown>>,
  appId: string,
): Record<string, unknown> {
  const recipient = parseRecipient(body.recipient);
  if (!('id' in recipient) || !conversations.withCustomer(recipient.id)) throw sendErrors.noMatchingUser();
  if (control === 'take_thread_control') {
    if (state.switches.defaultAppId === undefined) throw sendErrors.noRouting();
    state.threads.passTo(recipient.id, appId);
  } else if (control === 'pass_thread_control') {
    const { target_app_id: target } = body;
    if (typeof target !== 'string' || !/^\d+$/.test(target)) throw sendErrors.wrongAppId();
    state.threads.passTo(recipient.id, target);
  } else if (control === 'release_thread_control') {
    state.threads.passTo(recipient.id, undefined);
  }
  return { success: true };
}
