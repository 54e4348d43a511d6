import { createHmac } from 'node:crypto';
import { parseFields } from './fields.ts';
import {
  GraphError,
  graphErrorBody,
  invalidProof,
  invalidToken,
  messageDeleted,
  unknownObject,
} from './graph-errors.ts';
import {
  detailedMessages,
  type Reader,
  showConversation,
  showMessage,
  showMessages,
  showProfile,
  showSelf,
} from './graph-nodes.ts';
import type { GraphRequest } from './graph-request.ts';
import { type PageRequest, pageOf } from './paging.ts';
import { type SentMessage, sendMessage } from './send-message.ts';
import type { Account, World } from './world.ts';

export interface GraphAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** The message that this call sent, which Meta then echoes. */
  readonly sent?: SentMessage;
}

/** Answers one Graph call. Never throws: a refusal is an answer too. */
export function answerGraphCall(options: World, request: GraphRequest, origin: string): GraphAnswer {
  try {
    checkToken(options, request);
    return request.method === 'POST' ? post(options, request) : get(options, request, origin);
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    return refusal(error, options);
  }
}

/** The proof is optional, but a wrong one is refused. */
function checkToken({ account, app }: World, { token, proof }: GraphRequest): void {
  if (token !== account.accessToken) throw invalidToken();
  if (proof === undefined) return;
  if (proof !== createHmac('sha256', app.secret).update(token).digest('hex')) throw invalidProof();
}

export function refusal(error: GraphError, world: World): GraphAnswer {
  return { status: error.status, body: graphErrorBody(error, world) };
}

function post(world: World, { method, segments, body }: GraphRequest): GraphAnswer {
  const [owner = '', edge, ...rest] = segments;
  if (!isSelf(owner, world.account) || edge !== 'messages' || rest.length > 0)
    throw unknownObject(method, owner);
  const sent = sendMessage(world, body);
  return { status: 200, body: { recipient_id: sent.customer.id, message_id: sent.message.id }, sent };
}

function get(options: World, request: GraphRequest, origin: string): GraphAnswer {
  const { account, login, conversations } = options;
  const { method, segments, query, version } = request;
  const [id = '', edge, ...rest] = segments;
  if (method !== 'GET' || rest.length > 0) throw unknownObject(method, id);

  const baseUrl = version === undefined ? origin : `${origin}/${version}`;
  const reader: Reader = { account, login, token: account.accessToken, baseUrl };
  const wanted = query.get('fields');
  const fields = wanted === undefined || wanted === '' ? undefined : parseFields(wanted);
  const page: PageRequest = { limit: query.get('limit'), after: query.get('after') };

  if (isSelf(id, account)) {
    if (edge === undefined) return found(showSelf(reader, fields));
    if (edge === 'conversations') return found(listConversations());
    throw unknownObject(method, id);
  }
  const conversation = conversations.withId(id);
  if (conversation) {
    if (edge === undefined) return found(showConversation(conversation, reader, fields));
    if (edge === 'messages') return found(showMessages(conversation, reader, page, fields));
  }
  if (edge !== undefined) throw unknownObject(method, id);

  const ofMessage = conversations.withMessage(id);
  if (ofMessage) {
    const at = ofMessage.messages.findIndex((message) => message.id === id);
    const message = ofMessage.messages[at];
    if (!message || at >= detailedMessages) throw messageDeleted();
    return found(showMessage(message, ofMessage, reader, fields));
  }
  // Writing is the consent to be looked up.
  const ofCustomer = conversations.withCustomer(id);
  if (ofCustomer?.lastWroteAtMs === undefined) throw unknownObject(method, id);
  return found(showProfile(ofCustomer.customer, fields));

  function listConversations(): Record<string, unknown> {
    const customerId = query.get('user_id');
    // A Page has Messenger conversations too, and lists those unless told otherwise. This one has none.
    const ofInstagram = query.get('platform') === 'instagram' || login === 'instagram';
    const listed = ofInstagram
      ? conversations.list().filter(({ customer }) => customerId === undefined || customer.id === customerId)
      : [];
    const edgeAddress = {
      url: `${baseUrl}/${id}/conversations`,
      token: account.accessToken,
      query: Object.fromEntries([...query].filter(([name]) => name !== 'limit' && name !== 'after')),
    };
    return pageOf(listed, page, { defaultLimit: 25, maxLimit: 200 }, edgeAddress, (item) =>
      showConversation(item, reader, fields),
    );
  }
}

function isSelf(id: string, account: Account): boolean {
  return id === 'me' || id === account.id;
}

function found(body: Record<string, unknown>): GraphAnswer {
  return { status: 200, body };
}
