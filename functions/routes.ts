/**
 * The HTTP API, once: which function answers which route, and who may call it. The stack makes the routes
 * from it, `$default` derives 404 and 405 from it, and a test holds the handlers and the OpenAPI document
 * against it.
 */

/** `meta` routes prove the caller by Meta's signature or verify token; the other roles are those of API keys. */
export type Access = 'anyone' | 'meta' | 'read' | 'send' | 'admin';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As API Gateway writes it, with `{name}` for a path parameter. */
  readonly path: `/${string}`;
  readonly function: FunctionName;
  readonly access: Access;
}

/** Folders under functions/, each with a `handler.ts`. */
export const functionNames = [
  'receive-webhook',
  'receive-signed-request',
  'store-events',
  'reconcile',
  'send-message',
  'send-sender-action',
  'create-upload',
  'deliver-sends',
  'get-send',
  'get-messages',
  'list-conversations',
  'list-messages',
  'mark-read',
  'get-status',
  'check-account',
  'refresh-token',
  'auto-reply',
  'forward-events',
  'manage-session',
  'edit-saved-replies',
  'inbox',
  'describe-api',
] as const;

export type FunctionName = (typeof functionNames)[number];

export const routes: readonly Route[] = [
  { method: 'GET', path: '/api/webhook', function: 'receive-webhook', access: 'meta' },
  { method: 'POST', path: '/api/webhook', function: 'receive-webhook', access: 'meta' },
  { method: 'POST', path: '/api/data-deletion', function: 'receive-signed-request', access: 'meta' },
  { method: 'POST', path: '/api/deauthorize', function: 'receive-signed-request', access: 'meta' },
  { method: 'GET', path: '/api/data-deletion/{code}', function: 'receive-signed-request', access: 'anyone' },
  { method: 'POST', path: '/api/send-message', function: 'send-message', access: 'send' },
  { method: 'POST', path: '/api/sender-action', function: 'send-sender-action', access: 'send' },
  { method: 'POST', path: '/api/uploads', function: 'create-upload', access: 'send' },
  { method: 'GET', path: '/api/sends/{send_id}', function: 'get-send', access: 'read' },
  { method: 'GET', path: '/api/get-messages', function: 'get-messages', access: 'read' },
  { method: 'GET', path: '/api/conversations', function: 'list-conversations', access: 'read' },
  { method: 'GET', path: '/api/conversations/{id}/messages', function: 'list-messages', access: 'read' },
  { method: 'POST', path: '/api/conversations/{id}/read', function: 'mark-read', access: 'send' },
  { method: 'GET', path: '/api/saved-replies', function: 'edit-saved-replies', access: 'read' },
  { method: 'PUT', path: '/api/saved-replies', function: 'edit-saved-replies', access: 'send' },
  { method: 'POST', path: '/api/session', function: 'manage-session', access: 'read' },
  { method: 'GET', path: '/api/session', function: 'manage-session', access: 'read' },
  { method: 'DELETE', path: '/api/session', function: 'manage-session', access: 'read' },
  { method: 'GET', path: '/api/status', function: 'get-status', access: 'read' },
  { method: 'GET', path: '/api/health', function: 'describe-api', access: 'anyone' },
  { method: 'GET', path: '/api/openapi.json', function: 'describe-api', access: 'anyone' },
  { method: 'GET', path: '/', function: 'inbox', access: 'anyone' },
  { method: 'GET', path: '/assets/{file}', function: 'inbox', access: 'anyone' },
];

/** Answers every path and method that no route names. */
export const defaultFunction: FunctionName = 'describe-api';
