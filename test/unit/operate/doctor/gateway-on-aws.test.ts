import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { examine } from '../../../../infra/operate/doctor/examine.ts';
import { gatewayOnAws } from '../../../../infra/operate/doctor/gateway-on-aws.ts';
import { callbackUrlAt } from '../../../../shared/account/probe-callback.ts';
import { type ConnectedAccount, connectedAccount } from '../../../builders/connected-account.ts';
import { startServer, type TestServer } from '../../../builders/http-server.ts';
import { mockStack, type StackOptions } from './stack.ts';
import { stackStates } from './stack-states.ts';

let connected: ConnectedAccount;
/** The deployed webhook. */
let webhook: TestServer;
let stack: ReturnType<typeof mockStack>;

beforeEach(async () => {
  connected = await connectedAccount('facebook');
  webhook = await startServer(({ url }, response) => response.end(url.searchParams.get('hub.challenge')));
  connected.meta.world.subscriptions.set('instagram', { callbackUrl: callbackUrlAt(webhook.url) });
});

afterEach(async () => {
  stack.restore();
  vi.unstubAllEnvs();
  await Promise.all([connected.meta.stop(), webhook.stop()]);
});

async function examined(options: Partial<StackOptions> = {}) {
  stack = mockStack({
    connection: connected.input.connection,
    callbackUrl: callbackUrlAt(webhook.url),
    ...options,
  });
  const { report } = await examine(await gatewayOnAws('default'), undefined);
  return report;
}

test('a deployed gateway with which nothing is wrong', async () => {
  const report = await examined();
  expect(report).toMatchObject({ findings: [], unchecked: [], account: { username: 'shop' } });
  const [saved] = stack.table.commandCalls(PutCommand);
  expect(saved?.args[0].input.Item).toMatchObject({ pk: 'health', sk: 'report', report });
});

describe('each state of the stack has its own code', () => {
  test.each(stackStates)('$state: $code', async ({ code, concurrency, alarmsTo }) => {
    const { findings } = await examined({
      ...(concurrency !== undefined && { concurrency }),
      ...(alarmsTo !== undefined && { alarmsTo }),
    });
    expect(findings.map((each) => each.code)).toEqual([code]);
  });
});

test('a stack that nobody has connected yet', async () => {
  const { findings, unchecked } = await examined({ connection: {} });
  expect(findings.map(({ code }) => code)).toEqual(['not_connected']);
  expect(unchecked.map(({ check }) => check)).toContain('the public address');
});

test('what AWS does not tell is told, and is no finding', async () => {
  const lambdaError = Object.assign(new Error('not authorized to GetAccountSettings'), {
    name: 'AccessDeniedException',
  });
  const { findings, unchecked } = await examined({ lambdaError, alarmsTo: null });
  expect(findings).toEqual([]);
  expect(unchecked).toEqual([
    {
      check: 'how many functions may run at once',
      why: 'not authorized to GetAccountSettings (AccessDeniedException).',
    },
    { check: 'whether anybody is told of an alarm', why: expect.stringContaining('npm run deploy') },
  ]);
});

test('secrets that may not be read end the command with the reason', async () => {
  const secretError = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
  await expect(examined({ secretError })).rejects.toThrow(
    'The secrets of the stack InstagramMessageGateway cannot be read: not authorized (AccessDeniedException).',
  );
});
