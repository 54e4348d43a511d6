import { randomUUID } from 'node:crypto';
import { newOwnChallenge } from '../../shared/account/own-challenge.ts';
import { postWebhook, verifyCallback, type WebhookAnswer } from '../meta-simulator/webhook-sender.ts';
import {
  conversationList,
  expectStatus,
  GatewayClient,
  messageList,
  metaRefusal,
  parseAnswer,
  StepFailed,
  seedMessageList,
  sendAnswer,
} from './gateway-client.ts';
import { unreachable } from './running-gateway.ts';
import { allOnce, type SmokeDelivery, smokeDeliveries } from './smoke-deliveries.ts';
import { testDelivery } from './test-deliveries.ts';

/** The customer of the App Dashboard's own tests: whoever sees it knows that nobody wrote. */
const testCustomerId = '12334';

export interface JourneyOptions {
  readonly url: string;
  readonly key: string;
  readonly appSecret: string;
  readonly verifyToken: string;
  readonly accountId: string;
  /** A real customer to send to. Without one, Meta's refusal of the made-up customer passes too. */
  readonly recipientId?: string | undefined;
  /** How long a delivery may take to be readable. */
  readonly waitMs: number;
}

export interface Step {
  readonly name: string;
  /** Resolves to a remark worth showing. Rejects with `StepFailed`, or `CommandFailed` when nobody answers. */
  run(): Promise<string | undefined>;
}

/** The README's journey, in order. A step may need what an earlier one left in the gateway. */
export function journey(options: JourneyOptions): readonly Step[] {
  const { url, verifyToken, appSecret, accountId, waitMs } = options;
  const gateway = new GatewayClient(url, options.key);
  const webhook = `${url}/api/webhook`;
  const run = randomUUID();
  const nowMs = Date.now();

  const [first, second, third] = smokeDeliveries(run);

  function payload({ kind, mid, text }: SmokeDelivery): Record<string, unknown> {
    return testDelivery(kind, { accountId, customerId: testCustomerId, mid, text, nowMs });
  }

  async function deliver(delivery: SmokeDelivery): Promise<void> {
    const answer = await reach(() => postWebhook(webhook, JSON.stringify(payload(delivery)), appSecret));
    expectStatus(answer, 200);
  }

  async function shakeHands(token: string, challenge: string): Promise<WebhookAnswer> {
    return reach(() => verifyCallback(webhook, token, challenge));
  }

  async function reach<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return call().catch((error: unknown) => {
      throw unreachable(url, error);
    });
  }

  async function messagesPath(customerId: string): Promise<string> {
    const id = await gateway.until('/api/conversations', conversationList, waitMs, ({ data }) => {
      return data.find((conversation) => conversation.recipient_id === customerId)?.id;
    });
    return `/api/conversations/${encodeURIComponent(id)}/messages`;
  }

  /** Waits until all are read in the conversation; fails on a text that differs and on a second copy. */
  async function readInConversation(expected: readonly SmokeDelivery[]): Promise<void> {
    await gateway.until(await messagesPath(testCustomerId), messageList, waitMs, ({ data }) =>
      allOnce(expected, data),
    );
  }

  async function readInGetMessages(expected: readonly SmokeDelivery[]): Promise<void> {
    await gateway.until('/api/get-messages', seedMessageList, waitMs, ({ data }) => {
      const messages = data.flatMap((conversation) => conversation.messages.data);
      return allOnce(
        expected,
        messages.map(({ id, message }) => ({ id, text: message })),
      );
    });
  }

  /** The customer's newest message, to be replied to: a made-up mid would be refused by the real Meta. */
  async function newestMessageOf(customerId: string): Promise<string | undefined> {
    const answer = await gateway.get(await messagesPath(customerId));
    expectStatus(answer, 200);
    return parseAnswer(answer, messageList).data.find(({ direction }) => direction === 'in')?.id;
  }

  async function sendToTestCustomer(): Promise<string> {
    const answer = await gateway.post('/api/send-message', {
      recipient_id: testCustomerId,
      message: `Smoke test ${run}`,
      reply_to: first.mid,
    });
    if (answer.status === 400 || answer.status === 502) {
      const { details } = parseAnswer(answer, metaRefusal);
      const subcode = details.error_subcode === undefined ? '' : `/${details.error_subcode}`;
      return `Meta refused the made-up customer: ${details.code}${subcode} ${details.message}`;
    }
    expectStatus(answer, 200);
    return `sent as ${parseAnswer(answer, sendAnswer).data.message_id}`;
  }

  async function sendTo(recipientId: string): Promise<string> {
    const replyTo = await newestMessageOf(recipientId);
    const answer = await gateway.post('/api/send-message', {
      recipient_id: recipientId,
      message: `Smoke test ${run}`,
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
    });
    expectStatus(answer, 200);
    return `sent as ${parseAnswer(answer, sendAnswer).data.message_id}`;
  }

  return [
    step('health answers', async () => {
      expectStatus(await gateway.get('/api/health'), 200);
    }),
    step('handshake with the right verify token', async () => {
      const challenge = newOwnChallenge();
      const answer = await shakeHands(verifyToken, challenge);
      expectStatus(answer, 200);
      const { body, contentType } = answer;
      if (body !== challenge) throw new StepFailed(`answered "${body}", not ${challenge}`);
      if (!contentType.startsWith('text/plain')) {
        throw new StepFailed(`answered as "${contentType}", not text/plain`);
      }
    }),
    step('handshake with a wrong verify token is refused', async () => {
      expectStatus(await shakeHands(`not-${verifyToken}`, newOwnChallenge()), 403);
    }),
    step('an unsigned delivery is refused', async () => {
      expectStatus(await gateway.post('/api/webhook', payload(first), false), 401);
    }),
    step('a signed delivery is taken', () => deliver(first)),
    step('a signed delivery in changes[] with string seconds is taken', () => deliver(second)),
    step('both are in the conversation, letter for letter', () => readInConversation([first, second])),
    step('both are in get-messages, letter for letter', () => readInGetMessages([first, second])),
    step('the same deliveries again change nothing', async () => {
      await deliver(first);
      await deliver(second);
      // Once a later delivery is readable, the repeated ones had their turn.
      await deliver(third);
      await readInConversation([first, second, third]);
      await readInGetMessages([first, second, third]);
    }),
    {
      name: 'a reply is sent',
      run: () => (options.recipientId === undefined ? sendToTestCustomer() : sendTo(options.recipientId)),
    },
  ];
}

function step(name: string, work: () => Promise<void>): Step {
  return {
    name,
    async run() {
      await work();
      return undefined;
    },
  };
}
