import { isRecord } from './graph-request.ts';
import { newMid } from './ids.ts';
import type { Outgoing } from './webhook-payloads.ts';
import { isEcho, isOfPosts, type Update } from './webhook-updates.ts';
import type { World } from './world.ts';

/** What befalls an update before it is delivered. Undefined: it never is. */
export function struck(update: Update, world: World): Outgoing | undefined {
  const { account, faults } = world;
  if (isEcho(update) && faults.strikes('no_echo')) return undefined;
  const told = withAnotherMid(asSubstituteEdit(update, world), world);
  const customerId = customerOf(told, account.id);
  const isScoped = !isOfPosts(told) && customerId !== undefined && faults.strikes('scoped_entry_id');
  const asChange = !isOfPosts(told) && faults.strikes('changes_envelope') !== undefined;
  return {
    ...told,
    entryId: isScoped ? customerId : account.id,
    ...(asChange ? { asChange } : {}),
  };
}

/** The person at the other end; undefined when the update is about none. */
export function customerOf({ value }: Update, accountId: string): string | undefined {
  const ids = [value.sender, value.recipient, value.from].map((party) =>
    isRecord(party) && typeof party.id === 'string' ? party.id : undefined,
  );
  return ids.find((id) => id !== undefined && id !== accountId);
}

/** An edit of nothing, without text: whoever wants the message reads it at Graph by its id. */
function asSubstituteEdit(update: Update, { faults, readings }: World): Update {
  const { message, sender, recipient, timestamp } = update.value;
  const isNew = isRecord(message) && message.is_echo !== true && message.is_deleted !== true;
  if (!isNew || !('mid' in message) || !faults.strikes('edit_instead_of_message')) return update;
  const parties = readings.substituteEditSender === 'sent' ? { sender, recipient } : {};
  return {
    field: 'message_edit',
    value: { ...parties, timestamp, message_edit: { mid: message.mid, num_edit: 0 } },
  };
}

function withAnotherMid(update: Update, { faults, random, renamedEchoes }: World): Update {
  const { message } = update.value;
  if (!isEcho(update) || !isRecord(message) || !faults.strikes('echo_with_another_mid')) return update;
  const mid = newMid(random);
  renamedEchoes.set(mid, String(message.mid));
  return { ...update, value: { ...update.value, message: { ...message, mid } } };
}
