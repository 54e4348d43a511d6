import { sendErrors } from './send-errors.ts';
import type { World } from './world.ts';

const dayMs = 24 * 60 * 60 * 1000;
const humanAgentMs = 7 * dayMs;
const secondMs = 1000;
const hourMs = 3600 * secondMs;

const mediaSendsPerSecond = 10;
const conversationCallsPerSecond = 2;
const livePrivateRepliesPerSecond = 100;
const postPrivateRepliesPerHour = 750;

/** Whether the account may be messaged for at all. Throws `GraphError`. */
export function checkMessagingAccess({ state, login }: World): void {
  const { messageAccess, blocked, pageLinked, accountType } = state.switches;
  if (blocked) throw sendErrors.businessBlocked();
  if (login === 'facebook' && !pageLinked) throw sendErrors.pageNotLinked();
  if (accountType === 'PERSONAL') throw sendErrors.notProfessional(login);
  if (!messageAccess) throw sendErrors.noMessageAccess();
}

/** Without Advanced Access, and while it is not live, an app reaches only people with a role on it. */
export function reaches({ state, login, readings }: World, customerId: string): boolean {
  const { standardAccess, peopleWithRoles, live } = state.switches;
  if (peopleWithRoles.includes(customerId) || customerId === state.selfScopedId) return true;
  const isOpen = login === 'instagram' && readings.standardAccessOnInstagramLogin === 'everybody';
  return live && (!standardAccess || isOpen);
}

export function checkReaches(world: World, customerId: string): void {
  if (reaches(world, customerId)) return;
  const { state, readings } = world;
  throw state.switches.live ? sendErrors.noRole(readings.standardAccessRefusal) : sendErrors.appNotLive();
}

/**
 * A thread that nobody holds is answered by the app whose webhook received it: the token of another app is
 * refused like another owner. That is a report of practice; Meta's page speaks of connected apps alone.
 * https://developers.facebook.com/documentation/business-messaging/instagram-messaging/features/conversation-routing
 */
export function checkThreadOwner(
  { state, readings }: World,
  customerId: string,
  lastWroteAtMs: number | undefined,
  appId: string,
): void {
  const { defaultAppId } = state.switches;
  const owner = state.threads.mayBeAnsweredBy(customerId, lastWroteAtMs, defaultAppId) ?? state.appId;
  if (owner !== appId) throw sendErrors.notThreadOwner(readings.notOwner);
}

/** A day from the customer's last message; with an approved HUMAN_AGENT tag seven. */
export function checkReplyWindow(
  { clock, state, readings }: World,
  lastWroteAtMs: number,
  isHumanAgent: boolean,
): void {
  const windowMs = isHumanAgent && state.switches.humanAgentApproved ? humanAgentMs : dayMs;
  if (clock.nowMs() - lastWroteAtMs > windowMs) throw sendErrors.outsideWindow(readings.windowSubcode);
}

/** https://developers.facebook.com/docs/instagram-platform/overview */
export function countSend({ limits, readings }: World, customerId: string, kind: 'text' | 'media'): void {
  const perSecond = kind === 'media' ? mediaSendsPerSecond : readings.textSendsPerSecond;
  const isWithin = limits.take(`send ${kind}`, perSecond, secondMs);
  const threadIsCalm = limits.take(`thread ${customerId}`, readings.threadSendsPerSecond, secondMs);
  if (!isWithin || !threadIsCalm) throw sendErrors.rateLimited();
}

export function countPrivateReply({ limits }: World, isLive: boolean): void {
  const isWithin = isLive
    ? limits.take('private reply live', livePrivateRepliesPerSecond, secondMs)
    : limits.take('private reply post', postPrivateRepliesPerHour, hourMs);
  if (!isWithin) throw sendErrors.rateLimited();
}

export function countConversationCall({ limits }: World): void {
  if (!limits.take('conversations', conversationCallsPerSecond, secondMs)) throw sendErrors.rateLimited();
}
