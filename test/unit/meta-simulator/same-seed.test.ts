import { expect, it } from 'vitest';
import { createClock } from '../../../infra/meta-simulator/clock.ts';
import { accessToken, startTestMeta } from './simulated-meta.ts';

const ada = { id: '123456789' };
const post = (body: unknown) => ({ method: 'POST', body: JSON.stringify(body) });
const toAda = (message: unknown) => post({ recipient: ada, message });

const calls: readonly (readonly [path: string, init?: { method: string; body: string }])[] = [
  ['/v25.0/me'],
  ['/v25.0/me/messages', toAda({ text: 'Hello' })],
  ['/v25.0/me/messages', toAda({ text: '' })],
  ['/v25.0/me/messages', toAda({ attachment: { type: 'like_heart' } })],
  ['/v25.0/me/message_attachments', post({ message: { attachment: image() } })],
  ['/v25.0/me/conversations?platform=instagram&fields=participants,messages{message,from}'],
  ['/v25.0/nobody'],
  ['/v25.0/me/messages', post({ recipient: ada, sender_action: 'typing_on' })],
  ['/v25.0/me/conversations?platform=instagram'],
  ['/v25.0/me/conversations?platform=instagram'],
];

function image() {
  return { type: 'image', payload: { url: 'https://files.example/a.png' } };
}

/** The bytes of all answers, with status and headers. */
async function run(seed: string): Promise<string[]> {
  const meta = await startTestMeta({
    seed,
    clock: createClock({ startMs: 1_760_000_000_000 }),
    faults: { send_answers_500: { probability: 0.5 }, user_rate_limited: { probability: 0.2 } },
  });
  const answers: string[] = [];
  for (const [path, init] of calls) {
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
    const response = await fetch(`${meta.url}${path}`, { ...init, headers });
    const told = [...response.headers].filter(([name]) => name !== 'date');
    // The port differs from run to run, and stands in the addresses of next pages.
    const text = (await response.text()).replaceAll(meta.url, 'URL');
    answers.push(`${response.status} ${JSON.stringify(told)} ${text}`);
  }
  await meta.stop();
  return answers;
}

it('the same seed and the same calls give the same answers, byte for byte', async () => {
  const [one, same, another] = [await run('one'), await run('one'), await run('another')];
  expect(same).toEqual(one);
  expect(another).not.toEqual(one);
});
