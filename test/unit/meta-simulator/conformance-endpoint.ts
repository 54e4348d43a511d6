import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { createEcho } from '../../../infra/meta-simulator/echoes.ts';
import { fieldsOf } from '../../../infra/meta-simulator/webhook-updates.ts';
import { metaBytes } from '../../builders/webhook.ts';
import { accountId } from './simulated-meta.ts';
import {
  ada,
  app,
  type Case,
  fixture,
  hold,
  midsOf,
  type Options,
  onStage,
  type Stage,
  tells,
} from './webhook-cases.ts';

/** What "Verify and save" finds of a webhook that answers like this. */
async function found(answer: RequestListener, options: Options = {}) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  let result: unknown;
  await onStage(options, async ({ meta }) => {
    result = await meta.verifyAndSave(url);
  });
  server.closeAllConnections();
  server.close();
  return result;
}

const challengeOf = (url: string | undefined) =>
  new URL(url ?? '/', 'http://callback.invalid').searchParams.get('hub.challenge');

async function write({ meta }: Stage, text = 'hello'): Promise<void> {
  meta.customers.write(ada.id, { text });
  await meta.deliveries.settled();
}

/** The signature of the one delivery of a text, by this secret. */
async function signed(secret: string, options: Options): Promise<void> {
  await onStage(options, async (stage) => {
    await write(stage, 'Käse 🎉');
    const { body, headers } = await stage.callback.next();
    expect(body.toString('latin1')).toContain('K\\u00e4se \\ud83c\\udf89');
    const digest = createHmac('sha256', secret).update(body).digest('hex');
    expect(headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
    expect(headers).not.toHaveProperty('x-hub-signature');
  });
}

const instagramApp = { ...app, instagramSecret: 'instagram_secret' };

/** The duties of the endpoint, what it must expect, and how events are wrapped. */
export const endpointCases: readonly Case[] = [
  [
    'verification request',
    'asks for the challenge with the verify token',
    async () => {
      const asked: URL[] = [];
      const result = await found((request, response) => {
        asked.push(new URL(request.url ?? '/', 'http://callback.invalid'));
        response.end(challengeOf(request.url));
      });
      expect(result).toEqual({ ok: true });
      expect([...(asked[0]?.searchParams ?? [])]).toEqual([
        ['hub.mode', 'subscribe'],
        ['hub.challenge', expect.stringMatching(/^\d+$/)],
        ['hub.verify_token', 'right'],
      ]);
    },
  ],
  [
    'verification request',
    'says which check failed, and keeps the old address',
    async () => {
      const answers: [string, RequestListener][] = [
        ['status', (_, response) => response.writeHead(403).end()],
        ['redirect', (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
        ['html', (_, response) => response.end('<!doctype html>')],
        ['body', (_, response) => response.end('wrong')],
        ['unreachable', (request) => request.socket.destroy()],
      ];
      for (const [failed, answer] of answers)
        expect(await found(answer)).toMatchObject({ ok: false, failed });
      expect(
        await found(
          (request, response) =>
            response.writeHead(200, { 'content-type': 'application/json' }).end(challengeOf(request.url)),
          { readings: { challengeContentType: 'plain_text' } },
        ),
      ).toMatchObject({ ok: false, failed: 'content_type' });
    },
  ],
  ['signature', "with the app's secret over the escaped bytes", () => signed(app.secret, {})],
  [
    'signature',
    "with the Instagram app's secret under Instagram login",
    () => signed('instagram_secret', { login: 'instagram', app: instagramApp }),
  ],
  [
    'signature',
    "or with the Meta app's there too",
    () =>
      signed(app.secret, {
        login: 'instagram',
        app: instagramApp,
        readings: { instagramLoginSignedWith: 'facebook_secret' },
      }),
  ],
  [
    'signature',
    'with the older SHA-1 beside it',
    () =>
      onStage({ readings: { sha1Signature: 'sent' } }, async (stage) => {
        await write(stage);
        const { body, headers } = await stage.callback.next();
        const digest = createHmac('sha1', app.secret).update(body).digest('hex');
        expect(headers['x-hub-signature']).toBe(`sha1=${digest}`);
      }),
  ],
  [
    'client certificate',
    'none, or as a load balancer tells it',
    async () => {
      for (const [clientCertificate, subject] of [
        ['absent', undefined],
        ['told_by_load_balancer', 'CN=client.webhooks.fbclientcerts.com'],
      ] as const) {
        await onStage({ readings: { clientCertificate } }, async (stage) => {
          await write(stage);
          const { headers } = await stage.callback.next();
          expect(headers['x-amzn-mtls-clientcert-subject']).toBe(subject);
        });
      }
    },
  ],
  [
    'answer time',
    'what is not answered in time counts as refused',
    () =>
      onStage({ statuses: [0, 200], readings: { answerDeadlineMs: 20 } }, async (stage) => {
        await write(stage);
        expect(stage.callback.bodies()).toHaveLength(2);
        expect(stage.meta.deliveries.record).toEqual([
          expect.objectContaining({ state: 'delivered', tries: 2 }),
        ]);
      }),
  ],
  [
    'retries, batches, order and disabling',
    'an hour of failure ends the subscription',
    () =>
      onStage({ statuses: Array.from({ length: 99 }, () => 413) }, async (stage) => {
        await write(stage);
        await stage.clock.advance(3_600_000);
        expect(stage.meta.deliveries.subscribed).toBe(false);
      }),
  ],
  [
    'retries, batches, order and disabling',
    'or 36 hours drop the delivery alone',
    () =>
      onStage(
        {
          statuses: Array.from({ length: 99 }, () => 413),
          readings: { failureRegime: 'graph_36_hours' },
        },
        async (stage) => {
          await write(stage);
          await stage.clock.advance(36 * 3_600_000);
          expect(stage.meta.deliveries.record[0]?.state).toBe('dropped');
          expect(stage.meta.deliveries.subscribed).toBe(true);
        },
      ),
  ],
  [
    'retries, batches, order and disabling',
    'several entries share a POST',
    () =>
      onStage({ batchWindowMs: 333, login: 'instagram' }, async ({ meta, clock, callback }) => {
        const expected = fixture('envelope-batch');
        for (const entry of expected.entry) entry.time = entry.messaging ? 1760000000456 : 1760000000;
        const [first, second] = midsOf('envelope-batch');
        const third = JSON.stringify(expected).match(/aWdf\w+/g)?.[2] ?? '';
        meta.customers.write(ada.id, { mid: first, text: 'first' });
        await clock.advance(1);
        meta.customers.write(ada.id, { mid: second, text: 'second' });
        await clock.advance(1);
        const message = { id: third, sentAtMs: clock.nowMs(), fromBusiness: true, text: 'On its way' };
        await createEcho(meta.world, meta.deliveries)({ customer: ada, message }, 'after');
        meta.customers.comment(ada.id, {
          id: '17870000000000001',
          text: 'price?',
          mediaId: '17900000000000002',
        });
        await clock.advance(331);
        expect(callback.bodies()).toEqual([metaBytes(expected)]);
      }),
  ],
  [
    'retries, batches, order and disabling',
    'the names of fields alone without "Include values"',
    tells(
      'envelope-changed-fields',
      ({ meta }) => {
        meta.deliveries.includeValues = false;
        meta.customers.write(ada.id, { text: 'hello' });
      },
      { atMs: 1760000000000 },
    ),
  ],
  [
    'duplicate keys',
    'a message delivered twice has the same bytes, its unsend the same mid',
    () =>
      onStage({ faults: { duplicate_delivery: { probability: 1 } } }, async (stage) => {
        await write(stage);
        const bodies = () => stage.callback.bodies();
        expect(bodies()).toHaveLength(2);
        expect(bodies()[0]).toBe(bodies()[1]);
        const { mid } = JSON.parse(bodies()[0] ?? '').entry[0].messaging[0].message;
        stage.meta.customers.unsend(mid);
        await stage.meta.deliveries.settled();
        expect(JSON.parse(bodies()[2] ?? '').entry[0].messaging[0].message).toEqual({
          mid,
          is_deleted: true,
        });
      }),
  ],
  [
    'fields of each login',
    'as the list has them',
    async () => {
      const ofBoth = [
        'messages',
        'message_reactions',
        'message_edit',
        'messaging_postbacks',
        'messaging_seen',
        'messaging_referral',
        'messaging_handover',
        'standby',
        'comments',
        'live_comments',
      ];
      expect([...fieldsOf('instagram')].sort()).toEqual(
        [...ofBoth, 'message_echoes', 'messaging_optins'].sort(),
      );
      expect([...fieldsOf('facebook')].sort()).toEqual(
        [...ofBoth, 'messaging_policy_enforcement', 'response_feedback', 'mentions', 'story_insights'].sort(),
      );
    },
  ],
  [
    'fields of each login',
    'an echo counts as a message, or as a field of its own',
    async () => {
      for (const [echoField, delivered] of [
        ['messages', 1],
        ['message_echoes', 0],
      ] as const) {
        await onStage({ login: 'instagram', readings: { echoField } }, async ({ meta, callback }) => {
          meta.deliveries.fields = ['messages'];
          meta.customers.write(meta.world.state.selfScopedId, { text: 'note to myself' });
          await meta.deliveries.settled();
          expect(callback.bodies()).toHaveLength(delivered);
        });
      }
    },
  ],
  [
    'envelopes',
    'messaging, sent later than it happened',
    () =>
      onStage({ batchWindowMs: 333 }, async ({ meta, clock, callback }) => {
        meta.customers.write(ada.id, { mid: midsOf('envelope-messaging')[0], text: 'hello' });
        await clock.advance(333);
        expect(callback.bodies()).toEqual([metaBytes(fixture('envelope-messaging'))]);
      }),
  ],
  [
    'envelopes',
    'changes, with seconds as a string',
    tells(
      'envelope-changes-reaction',
      (stage) => {
        const [id] = midsOf('envelope-changes-reaction');
        hold(stage, { id, fromBusiness: true });
        stage.meta.customers.react(id, { reaction: 'love', emoji: '❤️' });
      },
      { faults: { changes_envelope: { probability: 1 } } },
    ),
  ],
  [
    'envelopes',
    'standby beside messaging',
    () =>
      onStage({ batchWindowMs: 1333 }, async ({ meta, clock, callback }) => {
        const expected = fixture('envelope-messaging-and-standby');
        for (const entry of expected.entry) entry.time = 1760000001456;
        const [ours, theirs] = midsOf('envelope-messaging-and-standby');
        meta.customers.write(ada.id, { mid: ours, text: 'to us' });
        await clock.advance(1000);
        meta.world.state.threads.passTo(ada.id, '222');
        meta.customers.write(ada.id, { mid: theirs, text: 'to the other app' });
        await clock.advance(333);
        expect(callback.bodies()).toEqual([metaBytes(expected)]);
      }),
  ],
  [
    'who is who',
    'the account is at the entry and receives what a customer writes',
    () =>
      onStage({}, async (stage) => {
        await write(stage);
        const [entry] = JSON.parse(stage.callback.bodies()[0] ?? '').entry;
        expect([entry.id, entry.messaging[0].sender.id, entry.messaging[0].recipient.id]).toEqual([
          accountId,
          ada.id,
          accountId,
        ]);
      }),
  ],
];
