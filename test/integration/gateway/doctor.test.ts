import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localClient } from '../../../infra/local/local-client.ts';
import { type Gateway, startGateway } from '../../../infra/local/start-gateway.ts';
import type { CheckReport } from '../../../shared/account/findings.ts';
import type { StatusView } from '../../../shared/account/status-shape.ts';
import { logFile, newDataFolder } from '../../builders/gateway.ts';
import { Checkout, type Outcome } from '../../unit/operate/run-command.ts';

/** The gateway as `npm run dev` starts it with nothing configured, and a checkout beside it. */
let gateway: Gateway;
let folder: ReturnType<typeof newDataFolder>;
let checkout: Checkout;

beforeAll(async () => {
  folder = newDataFolder();
  gateway = await startGateway({
    settings: { PORT: '0', SIMULATOR_PORT: '0', DATA_DIR: folder.path },
    log: logFile(),
  });
  checkout = await Checkout.create();
});
afterAll(async () => {
  await gateway.stop();
  folder.remove();
  await checkout.remove();
});

const doctor = (...args: readonly string[]): Promise<Outcome> =>
  checkout.run('doctor.ts', args, { env: { DATA_DIR: folder.path } });

async function switchTo(switches: Record<string, unknown>): Promise<void> {
  const { ok } = await fetch(new URL('/simulator/switches', gateway.phoneUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(switches),
  });
  expect(ok).toBe(true);
}

async function status(): Promise<StatusView> {
  const response = await fetch(`${gateway.url}/api/status`, {
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });
  return ((await response.json()) as { data: StatusView }).data;
}

test('the running gateway is healthy, its Meta is simulated, and all was checked', async () => {
  const { code, stdout } = await doctor();
  expect(stdout).toContain(`Gateway: this machine (${gateway.url})`);
  expect(stdout).toContain('Meta is simulated');
  expect(stdout).toContain('✓ Nothing is wrong with @your_business');
  expect(stdout).toContain('0 errors, 0 warnings, 0 not checked');
  expect(code).toBe(0);
});

test('what it finds is what GET /api/status tells from then on', async () => {
  await switchTo({ messageAccess: false });
  const { code, stdout } = await doctor('--json');
  await switchTo({ messageAccess: true });
  expect(code).toBe(1);
  const report = JSON.parse(stdout) as CheckReport;
  expect(report.findings.map((each) => each.code)).toEqual(['message_access_off']);
  expect(await status()).toMatchObject({ checked_at: report.checked_at, findings: report.findings });
});

test('an event that could not be stored waits in the real dead-letter queue', async () => {
  const client = new SQSClient(localClient(gateway.endpoints.sqs));
  await client.send(
    new SendMessageCommand({ QueueUrl: gateway.queueUrl('EventsDeadLetterQueue'), MessageBody: '{}' }),
  );
  client.destroy();
  const { code, stdout } = await doctor();
  expect(code).toBe(1);
  expect(stdout).toContain('[dead_letters_waiting]');
  expect(stdout).toContain('1 event in the dead-letter queue.');
});
