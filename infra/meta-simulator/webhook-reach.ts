import { customerOf } from './webhook-faults.ts';
import { isEcho, isOfPosts, type Update, type WebhookField } from './webhook-updates.ts';
import type { World } from './world.ts';

/**
 * Whether Meta tells the app of an update at all: the account must be a professional one, the app live, the
 * field chosen, and without
 * Advanced Access it hears of people with a role alone, and of no comments.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export function isTold(update: Update, world: World): boolean {
  const { live, standardAccess, peopleWithRoles, accountType } = world.state.switches;
  if (
    !live ||
    accountType === 'PERSONAL' ||
    !world.subscriptions.fieldsOf('instagram').includes(fieldOf(update, world))
  )
    return false;
  if (!standardAccess) return true;
  const reachesEverybody =
    world.login === 'instagram' && world.readings.standardAccessOnInstagramLogin === 'everybody';
  if (isOfPosts(update)) return false;
  const customerId = customerOf(update, world.account.id);
  return reachesEverybody || customerId === undefined || peopleWithRoles.includes(customerId);
}

function fieldOf(update: Update, { login, readings }: World): WebhookField {
  const hasOwnField = login === 'instagram' && readings.echoField === 'message_echoes';
  return isEcho(update) && hasOwnField ? 'message_echoes' : update.field;
}
