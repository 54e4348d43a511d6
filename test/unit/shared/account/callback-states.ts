import type { ServerResponse } from 'node:http';
import { createClock } from '../../../../infra/meta-simulator/clock.ts';
import type { CheckInput } from '../../../../shared/account/check-account.ts';
import { callbackUrlAt, probeCallback } from '../../../../shared/account/probe-callback.ts';
import { type BrokenState, observing } from '../../../builders/broken-account.ts';
import type { ConnectedAccount } from '../../../builders/connected-account.ts';
import { startServer } from '../../../builders/http-server.ts';

const hourMs = 3_600_000;

/** The input with what a probe of this answer shows, at the address that Meta delivers to. */
async function probed(
  { meta, input }: ConnectedAccount,
  answer: (challenge: string, response: ServerResponse) => void,
): Promise<CheckInput> {
  const server = await startServer(({ url }, response) =>
    answer(url.searchParams.get('hub.challenge') ?? '', response),
  );
  const url = callbackUrlAt(server.url);
  meta.world.subscriptions.set('instagram', { callbackUrl: url });
  const probe = await probeCallback(url, 'verify', 2_000);
  await server.stop();
  return { ...input, callback: { url, probe } };
}

/** What can be wrong with the public address. */
export const callbackStates: readonly BrokenState[] = [
  {
    state: 'a public address at which nobody answers',
    code: 'callback_unreachable',
    breakIt: async (connected) => {
      const { callback, ...input } = await probed(connected, (_challenge, response) => response.end());
      const url = callback?.url ?? '';
      return { ...input, callback: { url, probe: await probeCallback(url, 'verify', 2_000) } };
    },
  },
  {
    state: 'a public address at which nobody answers, with the silence that follows',
    code: 'callback_unreachable',
    // A conversation has a message of ten minutes ago, after the handshake.
    options: () => ({ clock: createClock({ startMs: Date.now() - hourMs / 6 }), nowMs: Date.now() }),
    breakIt: async (connected) => {
      const { callback } = await probed(connected, (_challenge, response) => response.end());
      const url = callback?.url ?? '';
      const silent = observing(connected, {
        deliveryAtMs: undefined,
        deliverySecretPlace: undefined,
        handshakeAtMs: connected.input.nowMs - 2 * hourMs,
      });
      return { ...silent, callback: { url, probe: await probeCallback(url, 'verify', 2_000) } };
    },
  },
  {
    state: 'a public address that answers a warning page',
    code: 'callback_answers_html',
    breakIt: (connected) =>
      probed(connected, (_challenge, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>You are about to …'),
      ),
  },
  {
    state: 'a public address that redirects',
    code: 'callback_redirects',
    breakIt: (connected) =>
      probed(connected, (_challenge, response) =>
        response.writeHead(301, { location: 'https://elsewhere.example/?a=b' }).end(),
      ),
  },
  {
    state: 'a public address that answers the challenge in quotes',
    code: 'callback_wrong_answer',
    breakIt: (connected) =>
      probed(connected, (challenge, response) => response.end(JSON.stringify(challenge))),
  },
  {
    state: 'a public address of a gateway with another verify token',
    code: 'callback_wrong_answer',
    breakIt: (connected) =>
      probed(connected, (_challenge, response) => response.writeHead(403).end('{"error":"…"}')),
  },
  {
    state: 'deliveries that go to another address',
    code: 'callback_elsewhere',
    breakIt: async (connected) => {
      const input = await probed(connected, (challenge, response) => response.end(challenge));
      connected.meta.world.subscriptions.set('instagram', {
        callbackUrl: 'https://laptop.example/api/webhook',
      });
      return input;
    },
  },
];
