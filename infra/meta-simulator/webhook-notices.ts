import { type Actor, actorUpdate } from './webhook-actions.ts';
import type { Update } from './webhook-updates.ts';

/** What Meta itself tells the business: who answers a thread, and what it may no longer do. */

/** Undefined: nobody held the thread, which comes as null. */
export interface ControlPassed {
  readonly previousAppId: string | undefined;
  readonly newAppId: string;
  readonly metadata: string;
}

/** https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram */
export function passUpdate(actor: Actor, passed: ControlPassed): Update {
  return actorUpdate('messaging_handover', actor, { pass_thread_control: controlPassed(passed) });
}

export function takeUpdate(actor: Actor, taken: ControlPassed): Update {
  return actorUpdate('messaging_handover', actor, { take_thread_control: controlPassed(taken) });
}

export function requestUpdate(actor: Actor, appId: string, metadata: string): Update {
  return actorUpdate('messaging_handover', actor, {
    request_thread_control: { requested_owner_app_id: appId, metadata },
  });
}

/** Roles by app id. Names no sender. */
export function appRolesUpdate(
  accountId: string,
  atMs: number,
  roles: Readonly<Record<string, readonly string[]>>,
): Update {
  return {
    field: 'messaging_handover',
    value: { recipient: { id: accountId }, timestamp: atMs, app_roles: roles },
  };
}

/** Messenger's form; Meta documents none for Instagram. Names no sender. */
export function policyUpdate(
  accountId: string,
  atMs: number,
  enforced: { readonly action: 'block' | 'unblock'; readonly reason: string },
): Update {
  return {
    field: 'messaging_policy_enforcement',
    value: { recipient: { id: accountId }, timestamp: atMs, 'policy-enforcement': enforced },
  };
}

function controlPassed({ previousAppId, newAppId, metadata }: ControlPassed): Record<string, unknown> {
  return { previous_owner_app_id: previousAppId ?? null, new_owner_app_id: newAppId, metadata };
}
