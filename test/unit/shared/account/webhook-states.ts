import { createClock } from '../../../../infra/meta-simulator/clock.ts';
import { type BrokenState, configured, observing } from '../../../builders/broken-account.ts';
import { atTime, instagramApp, metaApp } from '../../../builders/connected-account.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What can be wrong between Meta's deliveries and the store. */
export const webhookStates: readonly BrokenState[] = [
  {
    state: 'a wrong app secret, with deliveries that fail their signature check',
    code: 'app_secret_wrong',
    breakIt: (connected) => {
      const input = observing(connected, {
        deliveryAtMs: undefined,
        deliverySecretPlace: undefined,
        signatureFailureAtMs: connected.input.nowMs - minuteMs,
      });
      return configured({ input }, { apps: [{ app_id: metaApp.id, app_secret: 'mistyped-secret' }] });
    },
  },
  {
    state: 'a wrong app secret, before the first delivery',
    code: 'app_secret_wrong',
    logins: ['facebook'],
    breakIt: (connected) =>
      configured(
        { input: observing(connected, { deliveryAtMs: undefined, handshakeAtMs: undefined }) },
        { apps: [{ app_id: metaApp.id, app_secret: 'mistyped-secret' }] },
      ),
  },
  {
    state: 'Meta told a day ago that a user of the app asks for deletion',
    code: 'data_deletion_requested',
    breakIt: (connected) => observing(connected, { dataDeletionAtMs: connected.input.nowMs - 24 * hourMs }),
  },
  {
    state: 'Meta told a month ago, less a minute, that a user removed the app',
    code: 'app_deauthorized',
    breakIt: (connected) =>
      observing(connected, { deauthorizedAtMs: connected.input.nowMs - 30 * 24 * hourMs + minuteMs }),
  },
  {
    state: 'the secret of the other login signs',
    code: 'signed_by_other_secret',
    logins: ['facebook'],
    breakIt: (connected) =>
      observing(connected, {
        deliveryAtMs: connected.input.nowMs - hourMs,
        signatureFailureAtMs: connected.input.nowMs - minuteMs,
      }),
  },
  {
    state: "the Meta app's secret alone, and the Instagram app's signs",
    code: 'signed_by_other_secret',
    logins: ['instagram'],
    breakIt: (connected) =>
      configured(
        {
          input: observing(connected, {
            deliveryAtMs: connected.input.nowMs - hourMs,
            signatureFailureAtMs: connected.input.nowMs - minuteMs,
          }),
        },
        { apps: [{ app_id: metaApp.id, app_secret: metaApp.secret }] },
      ),
  },
  {
    state: "the Instagram app's secret alone, and the Meta app's signs",
    code: 'signed_by_other_secret',
    logins: ['instagram'],
    breakIt: (connected) =>
      configured(
        {
          input: observing(connected, {
            deliveryAtMs: connected.input.nowMs - hourMs,
            signatureFailureAtMs: connected.input.nowMs - minuteMs,
          }),
        },
        { apps: [{ app_id: instagramApp.id, app_secret: instagramApp.secret }] },
      ),
  },
  {
    state: 'a wrong verify token',
    code: 'verify_token_wrong',
    breakIt: (connected) =>
      observing(connected, { wrongVerifyTokenAtMs: connected.input.nowMs - minuteMs / 2 }),
  },
  {
    state: 'a wrong verify token, before a handshake that a command of ours made',
    code: 'verify_token_wrong',
    breakIt: (connected) =>
      observing(connected, {
        deliveryAtMs: undefined,
        handshakeAtMs: undefined,
        handshakeChallenge: '770012345678901',
        wrongVerifyTokenAtMs: connected.input.nowMs - hourMs,
      }),
  },
  {
    state: 'the object Page subscribed',
    code: 'page_object_subscribed',
    breakIt: (connected) => {
      const { subscriptions } = connected.meta.world;
      subscriptions.remove('instagram');
      subscriptions.set('page', { callbackUrl: 'http://127.0.0.1:9/api/webhook' });
      return observing(connected, { deliveryAtMs: undefined, deliverySecretPlace: undefined });
    },
  },
  {
    state: 'the object Page subscribed, where only its deliveries tell',
    code: 'page_object_subscribed',
    logins: ['instagram'],
    breakIt: (connected) =>
      configured(
        {
          input: observing(connected, {
            deliveryAtMs: undefined,
            foreignObject: 'page',
            foreignObjectAtMs: connected.input.nowMs - minuteMs,
          }),
        },
        { apps: [{ app_id: instagramApp.id, app_secret: instagramApp.secret }] },
      ),
  },
  {
    state: 'the object Page subscribed in place of Instagram, after deliveries had come',
    code: 'page_object_subscribed',
    breakIt: (connected) => {
      const { subscriptions } = connected.meta.world;
      subscriptions.remove('instagram');
      subscriptions.set('page', { callbackUrl: 'http://127.0.0.1:9/api/webhook' });
      return observing(connected, {
        foreignObject: 'page',
        foreignObjectAtMs: connected.input.nowMs - minuteMs / 2,
      });
    },
  },
  {
    state: 'the field messages not subscribed',
    code: 'messages_field_missing',
    breakIt: ({ meta, input }, login) => {
      if (login === 'facebook') meta.world.subscriptions.set('instagram', { fields: ['comments'] });
      else meta.world.state.subscribe(['message_reactions']);
      return input;
    },
  },
  {
    state: 'no webhook for any object',
    code: 'messages_field_missing',
    breakIt: (connected) => {
      connected.meta.world.subscriptions.remove('instagram');
      return observing(connected, {
        handshakeAtMs: undefined,
        deliveryAtMs: undefined,
        deliverySecretPlace: undefined,
      });
    },
  },
  {
    state: 'a webhook that is not active',
    code: 'not_subscribed',
    breakIt: ({ meta, input }) => {
      meta.world.subscriptions.set('instagram', { active: false });
      return input;
    },
  },
  {
    state: 'the subscription gone after an hour of failure',
    code: 'not_subscribed',
    options: () => ({ clock: createClock({ startMs: Date.now() - 2 * hourMs }), nowMs: Date.now() }),
    breakIt: async ({ meta, clock, input }) => {
      meta.customers.write('123456789', { text: 'Hello?' });
      await meta.deliveries.settled();
      await clock.advance(2 * hourMs);
      return input;
    },
  },
  {
    state: 'the account subscribed to nothing',
    code: 'not_subscribed',
    breakIt: ({ meta, input }) => {
      meta.world.state.unsubscribe();
      return input;
    },
  },
  {
    state: 'a subscription that the check renewed',
    code: 'subscription_renewed',
    breakIt: (connected) => observing(connected, { subscriptionRenewedAtMs: connected.input.nowMs - hourMs }),
  },
  {
    state: 'access to messages switched off',
    code: 'message_access_off',
    options: { switches: { messageAccess: false } },
  },
  {
    state: 'a thread that another app holds',
    code: 'thread_held_by_other_app',
    options: { switches: { defaultAppId: '263902037430900' } },
  },
  {
    state: 'a send refused since another app holds the thread',
    code: 'thread_held_by_other_app',
    breakIt: (connected) =>
      observing(connected, { refusedSendAtMs: { '100/2534037': connected.input.nowMs - minuteMs } }),
  },
  {
    state: 'development mode, by the refusal of a send',
    code: 'development_mode_likely',
    options: { switches: { live: false } },
    breakIt: (connected) =>
      observing(connected, { refusedSendAtMs: { '200/2018028': connected.input.nowMs - minuteMs } }),
  },
  {
    state: 'development mode, by an hour of silence after the handshake',
    code: 'development_mode_likely',
    options: { switches: { live: false } },
    breakIt: (connected) =>
      observing(connected, {
        deliveryAtMs: undefined,
        deliverySecretPlace: undefined,
        handshakeAtMs: connected.input.nowMs - 2 * hourMs,
      }),
  },
  {
    state: 'development mode, by a conversation that was not delivered',
    code: 'development_mode_likely',
    // The first customer wrote ten minutes ago.
    options: () => ({ clock: createClock({ startMs: Date.now() - 10 * minuteMs }), nowMs: Date.now() }),
    breakIt: (connected) =>
      observing(connected, {
        deliveryAtMs: undefined,
        deliverySecretPlace: undefined,
        handshakeAtMs: connected.input.nowMs - 20 * minuteMs,
      }),
  },
  {
    state: 'Standard Access, by the refusal of a send to somebody without a role',
    code: 'access_level_likely',
    options: { switches: { standardAccess: true } },
    breakIt: (connected) =>
      observing(connected, { refusedSendAtMs: { '200/0': connected.input.nowMs - minuteMs } }),
  },
  {
    state: 'Standard Access, by 1/99',
    code: 'access_level_likely',
    options: { switches: { standardAccess: true } },
    breakIt: (connected) =>
      observing(connected, { refusedSendAtMs: { '1/99': connected.input.nowMs - minuteMs } }),
  },
  {
    state: 'Standard Access, by 10/2534022 while our window was open',
    code: 'access_level_likely',
    options: { switches: { standardAccess: true } },
    breakIt: (connected) =>
      observing(connected, { refusedSendAtMs: { '10/2534022': connected.input.nowMs - minuteMs } }),
  },
  {
    state: 'no conversations',
    code: 'no_conversations',
    options: { isEmpty: true },
  },
  {
    state: 'a clock that is behind',
    code: 'clock_skewed',
    options: { faults: { skewed_date: { probability: 1, value: 600_000 } } },
  },
  {
    state: 'a clock that is ahead',
    code: 'clock_skewed',
    options: { faults: { skewed_date: { probability: 1, value: -600_000 } } },
  },
  {
    state: 'dead letters',
    code: 'dead_letters_waiting',
    breakIt: ({ input }) => ({ ...input, queues: { waiting: 0, inFlight: 0, deadLetters: 2 } }),
  },
  {
    state: 'a queue in which events wait, and nothing is stored',
    code: 'queue_old',
    breakIt: (connected) => ({
      ...observing(connected, {
        storedAtMs: connected.input.nowMs - hourMs,
        queueWaitingSinceMs: connected.input.nowMs - 11 * minuteMs,
      }),
      queues: { waiting: 3, inFlight: 1, deadLetters: 0 },
    }),
  },
  {
    state: 'a version of the Graph API near its end',
    code: 'graph_version_ending',
    options: () => atTime(Date.UTC(2027, 11, 1)),
    breakIt: ({ input }) => ({ ...input, graphVersion: 'v24.0' }),
  },
];
