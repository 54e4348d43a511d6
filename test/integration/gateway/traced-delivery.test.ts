import { expect, onTestFinished, test } from 'vitest';
import { startTestGateway } from '../../builders/gateway.ts';
import { delivery, messageItem } from '../../builders/webhook.ts';

test('a delivery is found in the logs of both functions by its id, with its lag', async () => {
  const gateway = await startTestGateway();
  onTestFinished(() => gateway.stop());
  const lines = (start: string) =>
    gateway.lines
      .filter((line) => line.startsWith(start))
      .map((line) => JSON.parse(line.slice(start.length)) as Record<string, unknown>);

  await gateway.deliver(delivery(messageItem({ mid: 'm1', text: 'one' })));
  await expect.poll(() => lines('store-events INFO events stored '), { timeout: 30_000 }).toHaveLength(1);
  const [queued] = lines('receive-webhook INFO delivery queued ');
  const [stored] = lines('store-events INFO events stored ');
  expect(queued?.delivery_id).toEqual(expect.any(String));
  // API Gateway's own id of the request is Meta's delivery: its line of the access log is found by it too.
  expect(queued?.request_id).toBe(queued?.delivery_id);
  expect(stored).toMatchObject({ delivery_ids: [queued?.delivery_id], lag_ms: expect.any(Number) });
});
