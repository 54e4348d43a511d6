import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { jsonBody, startTestGateway, type TestGateway } from '../../builders/gateway.ts';
import { startWebhookReceiver } from '../../builders/webhook-receiver.ts';
import { runScript } from '../local/command-run.ts';

const waiting = { timeout: 30_000, interval: 50 };
const customer = '123456789';

async function send(gateway: TestGateway, message: string): Promise<unknown> {
  const { body } = await gateway.api('/api/send-message', jsonBody({ recipient_id: customer, message }));
  return body;
}

test('subscribers are told what becomes of a send: sent, failed, not known, found after all', async () => {
  const receiver = await startWebhookReceiver();
  const gateway = await startTestGateway({ settings: { FORWARD_EVENTS_URL: receiver.url } });
  onTestFinished(() => gateway.stop());
  const made = runScript('infra/operate/forward-secret.ts', ['--new'], {
    DATA_DIR: resolve(gateway.dataDir),
  });
  expect(await made.exit).toBe(0);
  const { faults } = gateway.meta.world;
  await gateway.meta.greet();
  await expect.poll(() => receiver.taken().length, waiting).toBe(1);
  const ends = () =>
    receiver.posts
      .flatMap(({ event }) => (event.type === 'send.updated' ? [event] : []))
      .toSorted((one, other) => one.at - other.at);

  expect(await send(gateway, 'reaches')).toMatchObject({ success: true });
  await expect.poll(ends, waiting).toMatchObject([{ state: 'sent', customer_id: customer }]);

  gateway.meta.world.state.set({ messageAccess: false });
  await send(gateway, 'is refused');
  gateway.meta.world.state.set({ messageAccess: true });
  await expect
    .poll(() => ends().slice(1), waiting)
    .toMatchObject([{ state: 'failed', code: 'message_access_off', customer_id: customer }]);

  faults.set('send_answers_500', { probability: 1 });
  await send(gateway, 'may have arrived');
  faults.set('send_answers_500', { probability: 0 });
  await expect
    .poll(() => ends().slice(2), waiting)
    .toMatchObject([{ state: 'unknown', code: 'outcome_unknown' }, { state: 'sent' }]);
  const [unknown, found] = ends().slice(2);
  expect(found?.send_id).toBe(unknown?.send_id);

  const bodies = receiver.posts.map(({ body }) => body).join('\n');
  for (const text of ['reaches', 'is refused', 'may have arrived']) expect(bodies).not.toContain(text);
  expect(new Set(receiver.taken()).size).toBe(receiver.taken().length);
}, 90_000);
