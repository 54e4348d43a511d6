import { checkMessagingAccess, countConversationCall, reaches } from './access-rules.ts';
import type { AccessToken } from './access-tokens.ts';
import { brokenCustomerId } from './call-faults.ts';
import type { Conversation } from './conversations.ts';
import { parseFields } from './fields.ts';
import { consentRequired, messageDeleted, unknownObject } from './graph-errors.ts';
import {
  detailedMessages,
  isSelf,
  type Reader,
  showConversation,
  showMessages,
  showPages,
  showPermissions,
  showProfile,
  showSelf,
} from './graph-nodes.ts';
import type { GraphRequest } from './graph-request.ts';
import { showMessage } from './message-node.ts';
import { type PageRequest, pageOf } from './paging.ts';
import { requirePermissions } from './permissions.ts';
import { sendErrors } from './send-errors.ts';
import { wrongKindOfToken } from './token-errors.ts';
import type { World } from './world.ts';

const requestsLifetimeMs = 30 * 24 * 60 * 60 * 1000;

type Body = Record<string, unknown>;

/** Reads a node, one of its edges, or several nodes at once by `ids`. Throws `GraphError`. */
export function readNode(world: World, request: GraphRequest, origin: string, token: AccessToken): Body {
  const { segments, query, version } = request;
  const [id, edge] = segments;
  const baseUrl = version === undefined ? origin : `${origin}/${version}`;
  const wanted = query.get('fields');
  const fields = wanted === undefined || wanted === '' ? undefined : parseFields(wanted);
  const reader: Reader = { world, token, baseUrl, brokenCustomerId: undefined };
  const ids = query.get('ids');
  if (id !== undefined) return read(id);
  if (ids === undefined) throw unknownObject('get', '');
  return Object.fromEntries(ids.split(',').map((each) => [each, read(each)]));

  function read(of: string): Body {
    if (isSelf(of, world) || of === world.state.userId) return readSelf(of);
    if (token.kind === 'user') throw wrongKindOfToken();
    return edge === undefined ? readOther(of) : readMessages(of);
  }

  function readSelf(of: string): Body {
    if (edge === undefined) return showSelf(of, reader, fields);
    if (edge === 'accounts' && token.kind === 'user') return showPages(reader, fields);
    if (edge === 'permissions' && token.kind === 'user') return showPermissions(reader);
    if (edge !== 'conversations') throw unknownObject('get', of);
    if (token.kind === 'user') throw wrongKindOfToken();
    return listConversations(of);
  }

  function listConversations(of: string): Body {
    enterConversations();
    const url = `${baseUrl}/${of}/conversations`;
    const rest = [...query].filter(([name]) => !['limit', 'after', 'access_token'].includes(name));
    const breaking: Reader = { ...reader, brokenCustomerId: brokenCustomerId(world) };
    return pageOf(
      listed(world, query),
      pageAsked(query),
      { defaultLimit: 25, maxLimit: 200 },
      { url, token: token.value, query: Object.fromEntries(rest) },
      (item) => showConversation(item, breaking, fields),
    );
  }

  function readMessages(of: string): Body {
    const conversation = world.conversations.withId(of);
    if (edge !== 'messages' || !conversation || !isReached(conversation)) throw unknownObject('get', of);
    enterConversations();
    const breaking: Reader = { ...reader, brokenCustomerId: brokenCustomerId(world) };
    return showMessages(conversation, breaking, pageAsked(query), fields);
  }

  function readOther(of: string): Body {
    const conversation = world.conversations.withId(of);
    if (conversation && isReached(conversation)) {
      enterConversations();
      return showConversation(conversation, { ...reader, brokenCustomerId: brokenCustomerId(world) }, fields);
    }
    const ofMessage = world.conversations.withMessage(of);
    if (ofMessage && isReached(ofMessage)) {
      enterMessages();
      const at = ofMessage.messages.findIndex((message) => message.id === of);
      const message = ofMessage.messages[at];
      if (!message || at >= detailedMessages) throw messageDeleted();
      return showMessage(message, ofMessage, world, fields);
    }
    return readProfile(of);
  }

  /** Writing, or tapping what the business offers, is the consent to be looked up; a comment is none. */
  function readProfile(of: string): Body {
    const conversation = world.conversations.withCustomer(of);
    if (conversation?.lastWroteAtMs === undefined) {
      if (conversation || world.comments.by(of)) throw consentRequired(world.readings.consentCode);
      throw unknownObject('get', of);
    }
    if (!isReached(conversation)) throw unknownObject('get', of);
    enterMessages();
    return showProfile(conversation.customer, world.state.threads.of(of).isBlocked === true, fields);
  }

  function isReached({ customer }: Conversation): boolean {
    return reaches(world, customer.id);
  }

  function enterConversations(): void {
    enterMessages();
    countConversationCall(world);
  }

  function enterMessages(): void {
    requirePermissions(world, token, 'read_messages');
    checkMessagingAccess(world);
  }
}

function listed(world: World, query: ReadonlyMap<string, string>): readonly Conversation[] {
  const { conversations, login, readings, state, clock } = world;
  // A Page has Messenger conversations too, and lists those unless told otherwise. This one has none.
  if (query.get('platform') !== 'instagram' && login === 'facebook') return [];
  const customerId = query.get('user_id');
  if (customerId !== undefined) {
    const one = conversations.withCustomer(customerId);
    if (!one && readings.unknownUserConversations === 'refused') throw sendErrors.noMatchingUser();
    return one && reaches(world, customerId) ? [one] : [];
  }
  return conversations.list().filter(({ customer, updatedAtMs }) => {
    if (!reaches(world, customer.id)) return false;
    const isRequest = state.threads.of(customer.id).folder === 'requests';
    return !isRequest || clock.nowMs() - updatedAtMs <= requestsLifetimeMs;
  });
}

function pageAsked(query: ReadonlyMap<string, string>): PageRequest {
  return { limit: query.get('limit'), after: query.get('after') };
}
