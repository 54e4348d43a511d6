import { setTimeout as delay } from 'node:timers/promises';
import type { FindingCode } from '../../../shared/account/finding-catalogue.ts';
import type { HealthStore, Observations } from '../../../shared/account/health-store.ts';
import { newOwnChallenge } from '../../../shared/account/own-challenge.ts';
import { type CallbackProbe, probeCallback } from '../../../shared/account/probe-callback.ts';
import { CommandFailed } from '../command.ts';
import { problem } from './problem.ts';

const probeTimeoutMs = 15_000;
/** The gateway notes a handshake by way of its queue. */
const noteTimeoutMs = 12_000;
const pollMs = 500;

/**
 * Makes the handshake through the public address, and makes sure that it is this very gateway that answered.
 * @returns what the gateway has noticed so far.
 * @throws CommandFailed saying what answers there instead.
 */
export async function checkCallback(
  callbackUrl: string,
  verifyToken: string,
  health: HealthStore,
): Promise<Observations> {
  const challenge = newOwnChallenge();
  const probe = await probeCallback(callbackUrl, verifyToken, probeTimeoutMs, challenge);
  if (probe.result !== 'ok') throw problem(codes[probe.result], `${callbackUrl}: ${whatAnswered(probe)}`);
  const deadlineMs = performance.now() + noteTimeoutMs;
  for (;;) {
    const observed = await health.observations();
    if (observed.handshakeChallenge === challenge) return observed;
    if (performance.now() > deadlineMs) {
      throw new CommandFailed(
        `${callbackUrl} answers the handshake, and this gateway has not seen it: another gateway with the same verify token answers there, or this one is older and does not note handshakes yet. Check where the address leads; on AWS run "npm run deploy" first.`,
      );
    }
    await delay(pollMs);
  }
}

const codes = {
  unreachable: 'callback_unreachable',
  redirect: 'callback_redirects',
  html: 'callback_answers_html',
  wrong_answer: 'callback_wrong_answer',
} as const satisfies Record<Exclude<CallbackProbe['result'], 'ok'>, FindingCode>;

function whatAnswered(probe: Exclude<CallbackProbe, { result: 'ok' }>): string {
  switch (probe.result) {
    case 'redirect':
      return `it answers ${probe.status} and leads to ${probe.location ?? 'nowhere'}`;
    case 'html':
      return `it answers ${probe.status} with a page of HTML`;
    case 'unreachable':
    case 'wrong_answer':
      return probe.why;
  }
}
