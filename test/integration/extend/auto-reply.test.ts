import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import type { HeldMessage } from '../../../infra/meta-simulator/conversations.ts';
import { canaries } from '../../builders/canaries.ts';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';
import { accountId, delivery, messageItem } from '../../builders/webhook.ts';

const note = 'An automatic reply.';
const words = ['price', 'open', 'size', 'gift', 'return'];
const replyTo = (word: string) => `${canaries.text} about ${word}`;
const perHour = 3;
const waiting = { timeout: 20_000, interval: 50 };

let gateway: SendingGateway;
beforeAll(async () => {
  gateway = await startSendingGateway('facebook', {
    AUTO_REPLY: 'on',
    AUTO_REPLY_NOTE: note,
    AUTO_REPLY_PER_HOUR: String(perHour),
    AUTO_REPLY_KEYWORDS: JSON.stringify(words.map((word) => ({ words: [word], reply: replyTo(word) }))),
  });
});
afterAll(() => gateway.stop());

let customers = 0;
function newCustomer(): string {
  customers += 1;
  const id = `5550000${customers}`;
  gateway.meta.customers.add({ id, username: `customer${customers}` });
  return id;
}

const write = (customer: string, text: string): HeldMessage =>
  gateway.meta.customers.write(customer, { text: `${text} ${canaries.text}` });
const repliesTo = (customer: string) => gateway.arrived(customer).map(({ text }) => text);
/** All answers are stored with who sent them: an echo may be there before. */
async function settled(customer: string, count: number): Promise<void> {
  await expect
    .poll(
      async () =>
        (await gateway.stored(customer)).filter((each) => each.direction === 'out' && each.sent_by).length,
      waiting,
    )
    .toBe(count);
}
/** What the function said of its events so far, oldest first. */
const outcomes = () =>
  gateway.lines.flatMap((line) => /auto-reply \{.*"outcome":"(\w+)"/.exec(line)?.[1] ?? []);

/** What it says of the events that `act` makes, once it has said so of as many as asked for. */
async function outcomesOf(count: number, act: () => unknown): Promise<string[]> {
  const before = outcomes().length;
  await act();
  await expect.poll(() => outcomes().length - before, waiting).toBeGreaterThanOrEqual(count);
  return outcomes().slice(before);
}

describe('an automatic reply', () => {
  test('is sent once, says that it is automatic, and is shown as sent by auto-reply', async () => {
    const customer = newCustomer();
    const asked = write(customer, 'What is the price?');
    const reply = `${note}\n${replyTo('price')}`;
    await expect.poll(() => repliesTo(customer), waiting).toEqual([reply]);
    await expect
      .poll(
        async () => (await gateway.stored(customer)).find(({ direction }) => direction === 'out'),
        waiting,
      )
      .toMatchObject({ text: reply, sent_by: { name: 'auto-reply', kind: 'bot' } });
    // The same delivery again, as Meta does at times.
    expect(
      await outcomesOf(1, () =>
        gateway.meta.deliver(
          delivery(
            messageItem(
              { mid: asked.id, text: asked.text },
              { sender: { id: customer }, timestamp: asked.sentAtMs },
            ),
          ),
        ),
      ),
    ).toEqual(['answered']);
    expect(repliesTo(customer)).toEqual([reply]);
  });

  test('is sent once when its event comes three times at once', async () => {
    const customer = newCustomer();
    const { id } = write(customer, 'Which size?');
    await settled(customer, 1);
    const client = new SQSClient(localClient(gateway.endpoints.sqs));
    const event = {
      v: 1,
      id: 'the same',
      type: 'message.received',
      account_id: accountId,
      customer_id: customer,
      conversation_id: `${accountId}.${customer}`,
      message_id: id,
      kind: 'text',
      text_bytes: 11,
      attachments: 0,
    };
    const again = () =>
      client.send(
        new SendMessageCommand({
          QueueUrl: gateway.queueUrl('AutoReplyQueue'),
          MessageBody: JSON.stringify(event),
        }),
      );
    const said = await outcomesOf(3, () => Promise.all([again(), again(), again()]));
    client.destroy();
    expect(said).toEqual(['answered', 'answered', 'answered']);
    expect(repliesTo(customer)).toHaveLength(1);
  });

  test('is not sent where no word of it is', async () => {
    const customer = newCustomer();
    expect(await outcomesOf(1, () => write(customer, 'Hello'))).toEqual(['no_rule']);
    expect(repliesTo(customer)).toEqual([]);
  });

  test('leaves a person alone who has just answered', async () => {
    const customer = newCustomer();
    expect(await outcomesOf(1, () => write(customer, 'Hello'))).toEqual(['no_rule']);
    expect((await gateway.send({ recipient_id: customer, message: 'I am here.' })).status).toBe(200);
    await settled(customer, 1);
    expect(await outcomesOf(1, () => write(customer, 'What is the price?'))).toEqual(['answered_lately']);
    expect(repliesTo(customer)).toEqual(['I am here.']);
  });

  test('leaves a conversation to another app that has it', async () => {
    const customer = newCustomer();
    const item = messageItem(
      { mid: 'mid.standby', text: 'What is the price?' },
      { sender: { id: customer }, timestamp: Date.now() },
    );
    const payload = {
      object: 'instagram',
      entry: [{ id: accountId, time: Date.now(), standby: [item] }],
    };
    expect(await outcomesOf(1, () => gateway.meta.deliver(payload))).toEqual(['held_by_another_app']);
    expect(repliesTo(customer)).toEqual([]);
  });
});

describe('a conversation without an end', () => {
  test('with its own echoes: however Meta tells of the reply, it is not answered', async () => {
    const { faults } = gateway.meta.world;
    faults.set('duplicate_delivery', { probability: 1 });
    faults.set('echo_before_answer', { probability: 1 });
    try {
      const customer = newCustomer();
      write(customer, 'Is it a gift?');
      await settled(customer, 1);
      // Whatever came of the echoes has come before what comes of this.
      const before = outcomes().length;
      write(customer, 'Thanks');
      await expect.poll(() => outcomes().slice(before), waiting).toContain('no_rule');
      expect(repliesTo(customer)).toHaveLength(1);
    } finally {
      faults.set('duplicate_delivery', { probability: 0 });
      faults.set('echo_before_answer', { probability: 0 });
    }
  });

  test('with a program that sends each reply back: it is answered once', async () => {
    const customer = newCustomer();
    write(customer, 'price?');
    await settled(customer, 1);
    const [reply = ''] = repliesTo(customer);
    const said = await outcomesOf(2, () => {
      write(customer, reply);
      write(customer, `Re: ${reply}`);
    });
    expect(said).toEqual(['automatic_message', 'automatic_message']);
    expect(repliesTo(customer)).toHaveLength(1);
  });

  test('with a program that answers each reply by another question: the limit of an hour holds', async () => {
    const customer = newCustomer();
    let asked = 0;
    const outcomesOfAll = await outcomesOf(words.length, async () => {
      for (const word of words) {
        const before = outcomes().length;
        write(customer, `And the ${word}?`);
        asked += 1;
        await expect.poll(() => outcomes().length, waiting).toBeGreaterThan(before);
        await settled(customer, Math.min(asked, perHour));
      }
    });
    expect(outcomesOfAll).toEqual(['answered', 'answered', 'answered', 'over_the_limit', 'over_the_limit']);
    expect(repliesTo(customer)).toEqual(words.slice(0, perHour).map((word) => `${note}\n${replyTo(word)}`));
  });

  test('with one who asks the same again and again: the same is not said twice an hour', async () => {
    const customer = newCustomer();
    write(customer, 'price?');
    await settled(customer, 1);
    expect(await outcomesOf(1, () => write(customer, 'price!'))).toEqual(['said_already']);
    expect(repliesTo(customer)).toHaveLength(1);
  });
});
