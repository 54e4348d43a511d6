import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ConversationView } from '../../../shared/conversations/view-shapes.ts';
import { type SendingGateway, startSendingGateway } from '../../builders/sending-gateway.ts';

const hourMs = 3_600_000;
const tag = 'HUMAN_AGENT';
const justWrote = '123456789';
const wroteYesterday = '2501';
const wroteLongAgo = '2502';
const neverWrote = '2503';

describe.each(['facebook', 'instagram'] as const)('with %s login', (login) => {
  let gateway: SendingGateway;
  let bot: Record<string, string>;
  beforeAll(async () => {
    gateway = await startSendingGateway(login, { HUMAN_AGENT: 'on' });
    bot = await gateway.keyOf('bot');
    gateway.meta.world.state.set({ humanAgentApproved: true });
    await gateway.wroteAgo(wroteYesterday, 25 * hourMs);
    await gateway.wroteAgo(wroteLongAgo, 8 * 24 * hourMs);
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.forget());

  test('the conversations say what may be sent, as send-message does', async () => {
    const { body } = await gateway.api('/api/conversations');
    const windows = ((body.data ?? []) as ConversationView[]).map(
      ({ recipient_id, can_reply, reply_window }) => [
        recipient_id,
        { can_reply, state: reply_window.state, reason: reply_window.reason },
      ],
    );
    expect(Object.fromEntries(windows)).toEqual({
      [justWrote]: { can_reply: true, state: 'open', reason: 'customer_wrote' },
      [wroteYesterday]: { can_reply: true, state: 'human_agent', reason: 'human_agent_allowed' },
      [wroteLongAgo]: { can_reply: false, state: 'closed', reason: 'window_expired' },
    });
  });

  test('a person answers after a day', async () => {
    const request = { recipient_id: wroteYesterday, message: 'Sorry for the wait', tag };
    expect((await gateway.send(request)).status).toBe(200);
    expect(gateway.asked()).toEqual([
      { recipient: { id: wroteYesterday }, message: { text: 'Sorry for the wait' }, tag },
    ]);
    expect(gateway.arrived(wroteYesterday).map(({ text }) => text)).toEqual(['Sorry for the wait']);
  });

  test.each([
    ['by a program', wroteYesterday, 403, 'human_key_needed'],
    ['within a day', justWrote, 400, 'human_agent_not_needed'],
    ['after a week', wroteLongAgo, 400, 'outside_human_agent_window'],
    ['to somebody who never wrote', neverWrote, 400, 'human_agent_window_unknown'],
  ])('%s it is refused without asking Meta', async (what, recipient_id, status, code) => {
    const headers = what === 'by a program' ? bot : {};
    expect(await gateway.send({ recipient_id, message: 'x', tag }, headers)).toMatchObject({
      status,
      body: { code },
    });
    expect(gateway.asked()).toEqual([]);
  });

  test('without the tag the day is over, and the refusal names the tag', async () => {
    const { status, body } = await gateway.send({ recipient_id: wroteYesterday, message: 'x' });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'outside_reply_window' });
    expect(body.error).toContain('"tag": "HUMAN_AGENT"');
    expect(gateway.asked()).toEqual([]);
  });

  test('what is forced without the tag does not close the week', async () => {
    const forced = { recipient_id: wroteYesterday, message: 'x', force: true };
    expect(await gateway.send(forced)).toMatchObject({ status: 400, body: { code: 'outside_reply_window' } });
    expect(gateway.asked()).toHaveLength(1);
    expect((await gateway.send({ recipient_id: wroteYesterday, message: 'Still here', tag })).status).toBe(
      200,
    );
  });

  test('after a week it is Meta who refuses what is forced', async () => {
    const { status, body } = await gateway.send({
      recipient_id: wroteLongAgo,
      message: 'x',
      tag,
      force: true,
    });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'outside_reply_window' });
    expect(gateway.asked()).toMatchObject([{ tag }]);
  });

  test('a form of the tag that Meta does not take is said to be the reason', () =>
    gateway.under({ messageTagType: 'required' }, async () => {
      const { status, body } = await gateway.send({ recipient_id: wroteYesterday, message: 'x', tag });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_parameter' });
      expect(body.error).toContain('It went with HUMAN_AGENT');
      expect(body.details?.message).toContain('messaging_type');
    }));

  test('an app that Meta has not approved is told of it, and the conversation is closed then', async () => {
    gateway.meta.world.state.set({ humanAgentApproved: false });
    const request = { recipient_id: wroteYesterday, message: 'x', tag };
    const { body } = await gateway.send(request);
    expect(body.code).toBe('outside_reply_window');
    expect(body.error).toContain('approved the Human Agent feature');
    expect(await gateway.send(request)).toMatchObject({ body: { code: 'outside_human_agent_window' } });
    expect(gateway.asked()).toHaveLength(1);
  });
});

describe('with HUMAN_AGENT=off', () => {
  let gateway: SendingGateway;
  beforeAll(async () => {
    gateway = await startSendingGateway('facebook');
    await gateway.wroteAgo(wroteYesterday, 25 * hourMs);
  });
  afterAll(() => gateway.stop());

  test('the conversation says that the window is closed', async () => {
    const { body } = await gateway.api(`/api/conversations?q=${wroteYesterday}`);
    expect((body.data ?? []) as ConversationView[]).toMatchObject([
      { can_reply: false, reply_window: { state: 'closed', reason: 'window_expired' } },
    ]);
  });

  test.each([
    ['a person', 'human', 400, 'human_agent_off'],
    ['a program', 'bot', 403, 'human_key_needed'],
  ] as const)('%s cannot use the tag, forced or not', async (_who, kind, status, code) => {
    const headers = await gateway.keyOf(kind);
    for (const force of [false, true]) {
      const request = { recipient_id: wroteYesterday, message: 'x', tag, force };
      expect(await gateway.send(request, headers)).toMatchObject({ status, body: { code } });
    }
    expect(gateway.asked()).toEqual([]);
  });
});
