import * as z from 'zod/mini';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { statusView } from '../../shared/account/status-shape.ts';
import { conversationView, messageView } from '../../shared/conversations/view-shapes.ts';
import { sendView } from '../../shared/sending/send-shape.ts';
import { uploadView } from '../create-upload/answer-shape.ts';
import { createUploadRequest } from '../create-upload/request.ts';
import { savedRepliesView, saveRepliesRequest } from '../edit-saved-replies/request.ts';
import { graphConversationView } from '../get-messages/answer-shape.ts';
import { getMessagesQuery } from '../get-messages/request.ts';
import { getSendPath } from '../get-send/request.ts';
import { listConversationsQuery } from '../list-conversations/request.ts';
import { conversationPath, listMessagesQuery } from '../list-messages/request.ts';
import { sessionView } from '../manage-session/view.ts';
import { markReadRequest } from '../mark-read/request.ts';
import { type Route, routes } from '../routes.ts';
import { sendMessageRequest } from '../send-message/request.ts';
import { senderActionRequest } from '../send-sender-action/request.ts';

/** The OpenAPI document of the API, from the schemas that its handlers parse and answer with. */

const errorView = z
  .object({
    error: z.string(),
    code: z.string(),
    details: z.optional(z.record(z.string(), z.unknown())),
    request_id: z.string(),
  })
  .register(z.globalRegistry, {
    id: 'Error',
    description:
      "`error` says what to do, `code` is stable. For a failure at Meta `details` holds Meta's message, type, code, error_subcode and fbtrace_id.",
  });

const gatewayErrorView = z
  .object({ message: z.string() })
  .register(z.globalRegistry, { id: 'GatewayError', description: 'What API Gateway answers by itself.' });

const jsonOf = (schema: z.ZodMiniType) => ({ 'application/json': { schema } });

const signedRequestForm = z.object({ signed_request: z.string() });
const formOf = (schema: z.ZodMiniType) => ({ 'application/x-www-form-urlencoded': { schema } });

const failures: Readonly<Record<number, string>> = {
  400: 'The request, or Meta, refuses it',
  401: 'No API key, an unknown or a revoked one',
  403: "The API key lacks the role, or HUMAN_AGENT came with a key that is no person's",
  404: 'There is no such thing',
  409: 'Somebody answered meanwhile, or the Idempotency-Key was used with another body',
  413: 'The body, or the announced file, is too large',
  415: 'The body is not JSON, or Instagram takes no such file',
  429: "Meta's rate limit: wait for Retry-After seconds",
  502: 'Meta failed, or refuses our token',
  503: 'Not connected to Instagram yet, or the queue is not available',
  504: 'Meta gave no answer: the outcome is unknown',
};

const failing = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [status, { description: failures[status] ?? '', content: jsonOf(errorView) }]),
  );

const listOf = (schema: z.ZodMiniType, more: Record<string, z.ZodMiniType> = {}) =>
  jsonOf(z.object({ success: z.literal(true), data: z.array(schema), ...more }));

/** `cursor` for older ones, absent on the last page; `newer_cursor` is for `newer_than`. */
const cursors = {
  cursor: z.optional(z.string()),
  newer_cursor: z.optional(z.string()),
  has_newer: z.optional(z.literal(true)),
};

const handshakeQuery = z.object({
  'hub.mode': z.literal('subscribe'),
  'hub.verify_token': z.string(),
  'hub.challenge': z.string(),
});

type Operation = Omit<ZodOpenApiOperationObject, 'security'>;

const operations: Readonly<Record<string, Operation>> = {
  'GET /api/webhook': {
    summary: "Meta's webhook handshake",
    requestParams: { query: handshakeQuery },
    responses: {
      200: { description: 'The challenge', content: { 'text/plain': { schema: z.string() } } },
      ...failing(400, 403, 503),
    },
  },
  'POST /api/webhook': {
    summary: "Meta's deliveries, signed over their raw bytes",
    requestParams: { header: z.object({ 'X-Hub-Signature-256': z.string() }) },
    requestBody: { content: jsonOf(z.unknown()) },
    responses: {
      200: {
        description: 'Every event is in the queue',
        content: jsonOf(z.object({ success: z.literal(true), events: z.int() })),
      },
      ...failing(400, 401, 503),
    },
  },
  'POST /api/data-deletion': {
    summary: "Meta's data-deletion callback about a user of the app",
    requestBody: { content: formOf(signedRequestForm) },
    responses: {
      200: {
        description: 'It is recorded; the address shows its status to people',
        content: jsonOf(z.object({ url: z.string(), confirmation_code: z.string() })),
      },
      ...failing(400, 401, 413, 503),
    },
  },
  'POST /api/deauthorize': {
    summary: 'Meta tells that a user removed the app',
    requestBody: { content: formOf(signedRequestForm) },
    responses: {
      200: { description: 'It is recorded', content: jsonOf(z.object({ success: z.literal(true) })) },
      ...failing(400, 401, 413, 503),
    },
  },
  'GET /api/data-deletion/{code}': {
    summary: 'The status of a data-deletion request, for people',
    requestParams: { path: z.object({ code: z.string() }) },
    responses: {
      200: { description: 'A page', content: { 'text/html': { schema: z.string() } } },
      ...failing(404),
    },
  },
  'POST /api/send-message': {
    summary:
      'Send a message to a customer, or answer a comment in private. Audio and video always answer 202: Meta fetches them for longer than a caller is kept waiting',
    requestParams: {
      header: z.object({
        'Idempotency-Key': z.optional(z.string()),
        Prefer: z.optional(z.literal('respond-async')),
      }),
    },
    requestBody: { content: jsonOf(sendMessageRequest) },
    responses: {
      200: {
        description: 'Meta took it',
        content: jsonOf(
          z.object({
            success: z.literal(true),
            data: z.object({
              recipient_id: z.string(),
              message_id: z.string(),
              message_ids: z.optional(z.array(z.string())),
            }),
            send_id: z.string(),
          }),
        ),
      },
      202: {
        description: 'It is on its way: GET /api/sends/{send_id} tells what becomes of it',
        content: jsonOf(
          z.object({
            success: z.literal(true),
            data: z.object({ recipient_id: z.optional(z.string()) }),
            send_id: z.string(),
            state: z.enum(['accepted', 'sending']),
          }),
        ),
      },
      ...failing(400, 401, 403, 409, 413, 415, 429, 502, 503, 504),
    },
  },
  'POST /api/sender-action': {
    summary: 'Show typing or that a message was read; react to a message',
    requestBody: { content: jsonOf(senderActionRequest) },
    responses: {
      200: {
        description: 'Meta did it',
        content: jsonOf(z.object({ success: z.literal(true), data: z.object({ recipient_id: z.string() }) })),
      },
      ...failing(400, 401, 403, 413, 415, 429, 502, 503, 504),
    },
  },
  'POST /api/uploads': {
    summary:
      'Announce a file from disk; it is then put to the address in the answer, and sent by its upload_id',
    requestBody: { content: jsonOf(createUploadRequest) },
    responses: {
      200: {
        description: 'Where the file is put',
        content: jsonOf(z.object({ success: z.literal(true), data: uploadView })),
      },
      ...failing(400, 401, 403, 413, 415),
    },
  },
  'GET /api/sends/{send_id}': {
    summary: 'What became of a send',
    requestParams: { path: getSendPath },
    responses: {
      200: {
        description: 'Its state and its messages',
        content: jsonOf(z.object({ success: z.literal(true), data: sendView })),
      },
      ...failing(400, 401, 403, 404),
    },
  },
  'GET /api/get-messages': {
    summary: "Conversations with their messages, in the Graph API's form",
    requestParams: { query: getMessagesQuery },
    responses: {
      200: {
        description: 'Newest activity first',
        content: listOf(graphConversationView, {
          warnings: z.optional(z.array(z.string())),
          reconciled_at: z.optional(z.string()),
          stale: z.optional(z.literal(true)),
        }),
      },
      ...failing(400, 401, 403, 429, 502, 503, 504),
    },
  },
  'GET /api/conversations': {
    summary: 'Conversations, newest activity first',
    requestParams: { query: listConversationsQuery },
    responses: {
      200: {
        description: 'A page; the last has no cursor',
        content: listOf(conversationView, { ...cursors, warnings: z.optional(z.array(z.string())) }),
      },
      ...failing(400, 401, 403),
    },
  },
  'GET /api/conversations/{id}/messages': {
    summary: 'Messages of a conversation, newest first',
    requestParams: { path: conversationPath, query: listMessagesQuery },
    responses: {
      200: { description: 'A page; the last has no cursor', content: listOf(messageView, cursors) },
      ...failing(400, 401, 403, 404),
    },
  },
  'GET /api/status': {
    summary: 'Whether the gateway is connected to Meta as it should be',
    responses: {
      200: {
        description: 'What the last check found',
        content: jsonOf(z.object({ success: z.literal(true), data: statusView })),
      },
      ...failing(401, 403),
    },
  },
  'POST /api/conversations/{id}/read': {
    summary: "Move the team's read mark; the customer is not told",
    requestParams: { path: conversationPath },
    requestBody: { content: jsonOf(markReadRequest) },
    responses: {
      200: {
        description: 'It stands at this message or at a later one',
        content: jsonOf(z.object({ success: z.literal(true), data: z.object({ unread: z.boolean() }) })),
      },
      ...failing(400, 401, 403, 404, 413, 415),
    },
  },
  'GET /api/saved-replies': {
    summary: "The team's saved replies",
    responses: {
      200: { description: 'In their order', content: jsonOf(savedRepliesView) },
      ...failing(401, 403),
    },
  },
  'PUT /api/saved-replies': {
    summary: "Replace the team's saved replies",
    requestBody: { content: jsonOf(saveRepliesRequest) },
    responses: {
      200: { description: 'As they are now', content: jsonOf(savedRepliesView) },
      ...failing(400, 401, 403, 409, 413, 415),
    },
  },
  'POST /api/session': {
    summary: "Swap a key for the inbox's cookie, good for 12 hours",
    responses: {
      200: {
        description: 'The cookie is set',
        content: jsonOf(z.object({ success: z.literal(true), data: sessionView })),
      },
      ...failing(401, 403),
    },
  },
  'GET /api/session': {
    summary: 'Whose key or session this is',
    responses: {
      200: {
        description: 'Name, kind and roles',
        content: jsonOf(z.object({ success: z.literal(true), data: sessionView })),
      },
      ...failing(401, 403),
    },
  },
  'DELETE /api/session': {
    summary: 'Sign out of the inbox',
    responses: {
      200: { description: 'The session has ended', content: jsonOf(z.object({ success: z.literal(true) })) },
      ...failing(401, 403),
    },
  },
  'GET /': {
    summary: 'The inbox page',
    responses: { 200: { description: 'A page', content: { 'text/html': { schema: z.string() } } } },
  },
  'GET /assets/{file}': {
    summary: 'What the inbox page consists of',
    requestParams: { path: z.object({ file: z.string() }) },
    responses: {
      200: { description: 'A script or style sheet', content: { 'text/javascript': { schema: z.string() } } },
      ...failing(404),
    },
  },
  'GET /api/health': {
    summary: 'Whether the gateway answers',
    responses: {
      200: {
        description: 'It does',
        content: jsonOf(z.object({ success: z.literal(true), service: z.string() })),
      },
    },
  },
  'GET /api/openapi.json': {
    summary: 'This document',
    responses: { 200: { description: 'OpenAPI 3.1', content: jsonOf(z.record(z.string(), z.unknown())) } },
  },
};

const gatewayFailures = {
  '5XX': {
    description:
      'Ours, in the form of Error; API Gateway by itself answers 413, 429 and 503 in the form of GatewayError',
    content: jsonOf(z.union([errorView, gatewayErrorView])),
  },
};

function operationOf(route: Route): ZodOpenApiOperationObject {
  const name = `${route.method} ${route.path}`;
  const operation = operations[name];
  if (!operation) throw new Error(`The OpenAPI document lacks ${name}`);
  const isKeyed = route.access !== 'anyone' && route.access !== 'meta';
  return {
    ...operation,
    description: isKeyed ? `Needs an API key with the role "${route.access}".` : '',
    security: isKeyed ? [{ apiKey: [] }] : [],
    responses: { ...operation.responses, ...gatewayFailures },
  };
}

export function openApiDocument(): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    paths[route.path] = { ...item, [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Instagram Message Gateway',
      version: '1.0.0',
      description: "Receives, keeps and answers a business's Instagram direct messages.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
  });
}
