import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { localClient } from '../../infra/local/local-client.ts';
import type { HeldMessage } from '../../infra/meta-simulator/conversations.ts';
import type { Readings } from '../../infra/meta-simulator/readings.ts';
import { firstCustomer } from '../../infra/meta-simulator/start-meta.ts';
import type { MessageView } from '../../shared/conversations/view-shapes.ts';
import { type KeyKind, keyStore } from '../../shared/runtime/keys.ts';
import type { SendView } from '../../shared/sending/send-shape.ts';
import { jsonBody, startTestGateway, type TestGateway } from './gateway.ts';
import { waitUntil } from './wait-until.ts';
import { accountId, delivery, messageItem } from './webhook.ts';

export type Login = 'facebook' | 'instagram';

export interface SendAnswer {
  readonly success?: boolean;
  readonly data?: {
    readonly recipient_id: string;
    readonly message_id: string;
    readonly message_ids?: string[];
  };
  readonly send_id?: string;
  readonly state?: string;
  readonly code?: string;
  readonly error?: string;
  readonly details?: {
    readonly send_id?: string;
    readonly message?: string;
    readonly sent?: SendAnswer['data'];
    readonly can_reply?: boolean;
  };
}

export interface SendingGateway extends TestGateway {
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: SendAnswer }>;
  /** To the first customer, unless the body names another recipient. */
  send(body: object, headers?: Record<string, string>): Promise<{ status: number; body: SendAnswer }>;
  /** What Meta was asked to send since, bodies alone. */
  asked(): Record<string, unknown>[];
  /** Forgets what Meta was asked before. */
  forget(): void;
  /** What Meta holds of the business's messages to a customer, oldest first. */
  arrived(customerId?: string): HeldMessage[];
  stored(customerId?: string): Promise<MessageView[]>;
  sendState(sendId: string | undefined): Promise<SendView>;
  /** What Meta's pages leave open, as this, while `during` runs. */
  under(readings: Partial<Readings>, during: () => Promise<void>): Promise<void>;
  /** A key of this kind, as an Authorization header. */
  keyOf(kind: KeyKind): Promise<Record<string, string>>;
  /** A customer wrote so long ago; resolves when it is stored. */
  wroteAgo(customerId: string, agoMs: number): Promise<void>;
}

/** A gateway whose first customer has just written. */
export async function startSendingGateway(
  login: Login,
  settings: Record<string, string> = {},
): Promise<SendingGateway> {
  const gateway = await startTestGateway({ settings: { INSTAGRAM_LOGIN: login, ...settings } });
  const { meta } = gateway;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  const keys = keyStore(client, gateway.tableName);
  let forgotten = 0;
  const posts = () =>
    meta.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));

  /** Its summary is written last, behind the message. */
  const isStored = (customerId: string) =>
    waitUntil(async () => {
      const { body } = await gateway.api(`/api/conversations?q=${customerId}`);
      return (body.data ?? []).length > 0;
    });

  const sending: SendingGateway = {
    ...gateway,
    async post(path, value, headers = {}) {
      const request = jsonBody(value);
      const { status, body } = await gateway.api(path, {
        ...request,
        headers: { ...(request.headers as Record<string, string>), ...headers },
      });
      return { status, body: body as unknown as SendAnswer };
    },
    send: (body, headers) =>
      sending.post(
        '/api/send-message',
        'comment_id' in body ? body : { recipient_id: firstCustomer.id, ...body },
        headers,
      ),
    asked: () =>
      posts()
        .slice(forgotten)
        .map(({ body }) => body),
    forget: () => {
      forgotten = posts().length;
    },
    arrived: (customerId = firstCustomer.id) =>
      (meta.world.conversations.withCustomer(customerId)?.messages ?? [])
        .filter(({ fromBusiness }) => fromBusiness)
        .toReversed(),
    async stored(customerId = firstCustomer.id) {
      const { body } = await gateway.api(`/api/conversations/${accountId}.${customerId}/messages`);
      return body.data ?? [];
    },
    async sendState(sendId) {
      const { body } = await gateway.api(`/api/sends/${sendId}`);
      return body.data as never;
    },
    async under(readings, during) {
      const before = { ...meta.world.readings };
      Object.assign(meta.world.readings, readings);
      try {
        await during();
      } finally {
        Object.assign(meta.world.readings, before);
      }
    },
    async keyOf(kind) {
      const key = `a-key-of-the-kind-${kind}`;
      await keys.put(key, { name: kind, kind, roles: ['send', 'read'] });
      return { authorization: `Bearer ${key}` };
    },
    async wroteAgo(customerId, agoMs) {
      const item = messageItem(
        { mid: `written_${customerId}`, text: 'Hello?' },
        { sender: { id: customerId }, timestamp: Date.now() - agoMs },
      );
      await meta.deliver(delivery(item));
      await isStored(customerId);
    },
  };
  await meta.greet();
  await isStored(firstCustomer.id);
  return sending;
}
