import { checkMessagingAccess } from './access-rules.ts';
import type { AccessToken } from './access-tokens.ts';
import {
  type Silence,
  strikeBlock,
  strikeLostSend,
  strikeRateLimit,
  strikeSend,
  strikeSlowRead,
} from './call-faults.ts';
import { debugToken } from './debug-token.ts';
import { appSubscriptions } from './graph-app-subscriptions.ts';
import { GraphError, graphErrorBody, statusOf, unknownObject } from './graph-errors.ts';
import { isSelf } from './graph-nodes.ts';
import { answerOauth } from './graph-oauth.ts';
import { readNode } from './graph-reads.ts';
import type { GraphRequest } from './graph-request.ts';
import { messengerProfile, subscribedApps, uploadAttachment } from './graph-settings.ts';
import { requirePermissions } from './permissions.ts';
import { appRateLimited } from './send-errors.ts';
import { type SentMessage, sendMessage } from './send-message.ts';
import { takeSenderAction } from './sender-actions.ts';
import { controlThread, threadControls } from './thread-control.ts';
import { appOf } from './token-app.ts';
import { checkToken } from './token-check.ts';
import { wrongKindOfToken } from './token-errors.ts';
import { appUsage, countCall, usageHeaders } from './usage-headers.ts';
import type { World } from './world.ts';

export interface GraphAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The message that this call sent, which Meta then echoes. */
  readonly sent?: SentMessage;
  /** The caller hears nothing. */
  readonly silence?: Silence;
}

const throttleCodes: readonly number[] = [4, 17, 613];

/** Answers one Graph call. Never rejects for what Graph refuses: a refusal is an answer too. */
export async function answerGraphCall(
  world: World,
  request: GraphRequest,
  origin: string,
): Promise<GraphAnswer> {
  try {
    countCall(world, request.query.get('ids')?.split(',').length);
    strikeRateLimit(world);
    if (appUsage(world) >= 100) throw appRateLimited();
    const answer = answerOauth(world, request) ?? (await answerApi(world, request, origin));
    return { ...answer, headers: { ...usageHeaders(world), ...answer.headers } };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return refusal(error, world);
  }
}

export function refusal(error: GraphError, world: World): GraphAnswer {
  return {
    status: statusOf(error, world.readings.errorStatus),
    body: graphErrorBody(error, world),
    headers: usageHeaders(world, throttleCodes.includes(error.code)),
  };
}

async function answerApi(world: World, request: GraphRequest, origin: string): Promise<GraphAnswer> {
  const { method, segments } = request;
  if (method === 'GET' && segments.length === 1 && segments[0] === 'debug_token') {
    return found(debugToken(world, request));
  }
  if (segments.length === 2 && segments[1] === 'subscriptions') {
    return found(await appSubscriptions(world, request));
  }
  const token = checkToken(world, request);
  const [owner = '', edge, ...rest] = segments;
  if (rest.length > 0) throw unknownObject(method, owner);
  if (edge !== undefined && isSelf(owner, world)) {
    const answer = await answerEdge(world, request, edge, token);
    if (answer) return answer;
  }
  if (method !== 'GET') throw unknownObject(method, owner);
  if (isSlow(edge, owner, world)) await strikeSlowRead(world);
  return found(readNode(world, request, origin, token));
}

/** What is done at the account itself; undefined when this is another edge. */
async function answerEdge(
  world: World,
  { method, query, body }: GraphRequest,
  edge: string,
  token: AccessToken,
): Promise<GraphAnswer | undefined> {
  const parameters = { ...Object.fromEntries(query), ...body };
  const settingsMethod = method === 'GET' || method === 'POST' || method === 'DELETE' ? method : undefined;
  if (settingsMethod && (edge === 'subscribed_apps' || edge === 'messenger_profile')) {
    requireMessaging(token);
    if (edge === 'subscribed_apps') return found(subscribedApps(world, token, settingsMethod, parameters));
    requirePermissions(world, token, 'send');
    return found(messengerProfile(world, settingsMethod, parameters));
  }
  if (method !== 'POST') return undefined;
  const control = threadControls.find((name) => name === edge);
  if (edge !== 'messages' && edge !== 'message_attachments' && !control) return undefined;
  requireMessaging(token);
  requirePermissions(world, token, 'send');
  checkMessagingAccess(world);
  const appId = appOf(token, world);
  if (control) return found(controlThread(world, control, parameters, appId));
  if (edge === 'message_attachments') return found(await uploadAttachment(world, parameters));
  if (parameters.sender_action !== undefined) return found(takeSenderAction(world, parameters, appId));
  return send(world, parameters, appId);
}

async function send(
  world: World,
  parameters: Readonly<Record<string, unknown>>,
  appId: string,
): Promise<GraphAnswer> {
  strikeBlock(world);
  const lost = strikeLostSend(world);
  if (lost) return { ...found({}), silence: lost };
  const sent = await sendMessage(world, parameters, appId);
  const outcome = strikeSend(world);
  if (outcome instanceof GraphError) return { ...refusal(outcome, world), sent };
  const answer = found({ recipient_id: sent.customer.id, message_id: sent.message.id });
  return outcome === 'answered' ? { ...answer, sent } : { ...answer, sent, silence: outcome };
}

/** Messaging wants the token of the Page or of the account, not of the person who logged in. */
function requireMessaging({ kind }: AccessToken): void {
  if (kind === 'user') throw wrongKindOfToken();
}

/** Reads of conversations and messages are those that drag on. */
function isSlow(edge: string | undefined, id: string, world: World): boolean {
  if (edge !== undefined) return edge === 'conversations' || edge === 'messages';
  return (world.conversations.withId(id) ?? world.conversations.withMessage(id)) !== undefined;
}

function found(body: Readonly<Record<string, unknown>>): GraphAnswer {
  return { status: 200, body };
}
