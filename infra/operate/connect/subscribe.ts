import * as z from 'zod/mini';
import { describeRefusal } from '../../../shared/account/graph-reading.ts';
import { readSubscribedApps, type SubscribedApp } from '../../../shared/account/read-subscription.ts';
import { messageFields, pageField } from '../../../shared/account/subscription-fields.ts';
import { type GraphCaller, graph } from '../../../shared/instagram/graph-client.ts';
import {
  GraphError,
  GraphNoAnswerError,
  GraphNotReachedError,
} from '../../../shared/instagram/graph-errors.ts';
import { CommandFailed } from '../command.ts';
import { callerOf, graphTimeoutMs, type ReachedAccount } from './connection.ts';
import { metaFailure, problem } from './problem.ts';

const commentFields = ['comments', 'live_comments'] as const;
const commentPermission = 'instagram_business_manage_comments';

/** To be ticked in the App Dashboard for the object Instagram. */
export const dashboardFields: readonly string[] = [
  'messages',
  'messaging_postbacks',
  'messaging_seen',
  'messaging_referral',
  'messaging_handover',
  'message_reactions',
  'message_edit',
  'standby',
];

export interface Teller {
  readonly tell: (line: string) => void;
  readonly warn: (line: string) => void;
}

/**
 * Has the account's webhooks delivered to its app, and reads that back. What is subscribed already stays as it
 * is, with fields that we do not ask for.
 *
 * @returns whether anything was changed.
 * @throws CommandFailed when Meta refuses, or does not have it afterwards.
 */
export async function subscribe(account: ReachedAccount, { tell, warn }: Teller): Promise<boolean> {
  const { login } = account;
  const caller = callerOf(account);
  const wanted = login === 'facebook' ? [pageField] : instagramFields(account.scopes);
  const before = await read(caller, account);
  const held = before?.fields ?? [];
  // With Facebook login any field will do.
  const isThere = before && (login === 'facebook' || wanted.every((field) => held.includes(field)));
  if (isThere) {
    tell(`Subscribed already: ${shown(account, before)}`);
    return false;
  }
  const refused = await subscribeTo(caller, [...new Set([...held, ...wanted])]);
  for (const { field, why } of refused) warn(`Meta refuses the field ${field}: ${why}`);

  const after = await read(caller, account);
  if (!after) throw problem('not_subscribed', 'Meta took the subscription, and does not list it');
  const missing = wanted.filter(
    (field) => !refused.some((each) => each.field === field) && after.fields?.includes(field) === false,
  );
  if (login === 'instagram' && missing.includes('messages')) {
    throw problem('messages_field_missing', `Meta lists ${after.fields?.join(', ') || 'no field'}`);
  }
  if (login === 'instagram' && missing.length > 0) {
    warn(`Meta took these fields and does not list them: ${missing.join(', ')}`);
  }
  tell(`Subscribed, and read back: ${shown(account, after)}`);
  return before?.fields === undefined || after.fields?.join() !== before.fields.join();
}

function instagramFields(scopes: readonly string[] | undefined): readonly string[] {
  return scopes?.includes(commentPermission) ? [...messageFields, ...commentFields] : messageFields;
}

/** The app's entry among those that get the account's webhooks. */
async function read(
  caller: GraphCaller,
  { login, apps }: ReachedAccount,
): Promise<SubscribedApp | undefined> {
  const reading = await readSubscribedApps(caller, graphTimeoutMs);
  if (!reading.ok) throw metaFailure('Reading the subscription', reading.failure);
  const own = reading.value.find(({ appId }) => apps.some(({ id }) => id === appId));
  // Which of an app's two ids is told there for Instagram login is not documented; the token sees its own app alone.
  return own ?? (login === 'instagram' ? reading.value[0] : undefined);
}

function shown({ login }: ReachedAccount, { fields }: SubscribedApp): string {
  if (login === 'facebook') return 'the Page';
  return fields ? fields.join(', ') : 'the account (Meta does not tell the fields)';
}

interface RefusedField {
  readonly field: string;
  readonly why: string;
}

/** All fields at once; where Meta refuses that, those that it takes one by one. */
async function subscribeTo(caller: GraphCaller, fields: readonly string[]): Promise<RefusedField[]> {
  const refusal = await post(caller, fields);
  if (refusal === undefined) return [];
  const refused: RefusedField[] = [];
  for (const field of fields) {
    const why = fields.length === 1 ? refusal : await post(caller, [field]);
    if (why !== undefined) refused.push({ field, why });
  }
  const taken = fields.filter((field) => !refused.some((each) => each.field === field));
  if (taken.length === 0 || refused.some(({ field }) => field === 'messages')) {
    throw new CommandFailed(`Subscribing failed. ${refused[0]?.why ?? refusal}`);
  }
  // Each call may have replaced the fields of the one before.
  const again = await post(caller, taken);
  if (again !== undefined) throw new CommandFailed(`Subscribing to ${taken.join(', ')} failed. ${again}`);
  return refused;
}

const granted = z.object({ success: z.literal(true) });

/** @returns Meta's refusal in words, if it refused. Throws CommandFailed for what no other field would mend. */
async function post(caller: GraphCaller, fields: readonly string[]): Promise<string | undefined> {
  try {
    const answer = await graph.post(caller, {
      path: '/me/subscribed_apps',
      query: { subscribed_fields: fields.join(',') },
      body: {},
      timeoutMs: graphTimeoutMs,
    });
    return granted.safeParse(answer).success ? undefined : 'Meta did not answer that it succeeded.';
  } catch (error) {
    if (error instanceof GraphError) {
      if (error.details.code !== 190) return describeRefusal(error.details);
      throw metaFailure('Subscribing', { kind: 'refused', details: error.details });
    }
    if (error instanceof GraphNotReachedError || error instanceof GraphNoAnswerError) {
      throw metaFailure('Subscribing', { kind: 'not_reached', why: error.message });
    }
    throw error;
  }
}
