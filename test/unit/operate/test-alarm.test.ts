import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Checkout } from './run-command.ts';

const topic = 'arn:aws:sns:eu-central-1:000000000000:alarms';
const name = 'InstagramMessageGateway-dead-letters-of-events';
const ok = { MetricAlarms: [{ StateValue: 'OK', AlarmActions: [topic] }] };
const confirmed = { Protocol: 'email', Endpoint: 'shop@example.com', SubscriptionArn: `${topic}:1` };

let folder: string;
let checkout: Checkout;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-cli-'));
  checkout = await Checkout.create();
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await checkout.remove();
});

/** An AWS CLI that answers this, and writes down what it was asked. */
async function awsAnswers(answers: Readonly<Record<string, unknown>>): Promise<void> {
  const cases = Object.entries(answers).map(([command, answer]) =>
    answer instanceof Error
      ? `${command}) echo '${answer.message}' >&2; exit 254;;`
      : `${command}) echo '${answer === undefined ? '' : JSON.stringify(answer)}';;`,
  );
  const lines = [
    '#!/bin/sh',
    `echo "$*" >> ${join(folder, 'asked')}`,
    `case "$2" in ${cases.join(' ')} *) echo unexpected >&2; exit 1;; esac`,
  ];
  await writeFile(join(folder, 'aws'), lines.join('\n'));
  await chmod(join(folder, 'aws'), 0o755);
}

const asked = async () => (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
const run = (...args: string[]) =>
  checkout.run('test-alarm.ts', args, {
    env: { PATH: `${folder}:/bin:/usr/bin`, AWS_REGION: 'eu-central-1' },
  });

const answering = (alarm: unknown, ...told: unknown[]) =>
  awsAnswers({
    'describe-alarms': alarm,
    'list-subscriptions-by-topic': { Subscriptions: told },
    'set-alarm-state': undefined,
  });

describe('npm run test-alarm', () => {
  test('rings the alarm, makes it well again, and says what to look for', async () => {
    await answering(ok, confirmed);
    const { code, stdout, stderr } = await run('--stage', 'default');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Told by email: shop@example.com\n');
    expect(stdout).toContain(`ALARM: "${name}"`);
    const tail = ' --region eu-central-1 --output json';
    const reason = '--state-reason A test by npm run test-alarm: nothing is wrong.';
    expect(await asked()).toEqual([
      `cloudwatch describe-alarms --alarm-names ${name}${tail}`,
      `sns list-subscriptions-by-topic --topic-arn ${topic}${tail}`,
      `cloudwatch set-alarm-state --alarm-name ${name} --state-value ALARM ${reason}${tail}`,
      `cloudwatch set-alarm-state --alarm-name ${name} --state-value OK ${reason}${tail}`,
    ]);
  });

  test.each([
    ['nobody is told', [], 'Nobody is told. Deploy with ALARM_EMAIL'],
    [
      'the address is not confirmed',
      [{ ...confirmed, SubscriptionArn: 'PendingConfirmation' }],
      'not confirmed yet',
    ],
  ])('ends with 3 when %s', async (_what, told, says) => {
    await answering(ok, ...told);
    const { code, stdout } = await run('--stage', 'test', '--alarm', 'lag');
    expect(code).toBe(3);
    expect(stdout).toContain(says);
    expect(stdout).toContain('InstagramMessageGateway-test-lag');
  });

  test.each([
    ['there is no such alarm', { MetricAlarms: [] }, `There is no alarm ${name}.`],
    [
      'it rings by itself',
      { MetricAlarms: [{ StateValue: 'ALARM', AlarmActions: [topic] }] },
      'docs/runbook.md#dead-letters-of-events',
    ],
    ['it publishes nowhere', { MetricAlarms: [{ StateValue: 'OK', AlarmActions: [] }] }, 'to no topic'],
    ['AWS refuses', new Error('Unable to locate credentials'), 'Unable to locate credentials'],
  ])('rings nothing when %s', async (_what, alarm, says) => {
    await answering(alarm, confirmed);
    const { code, stderr } = await run('--stage', 'default');
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect((await asked()).join()).not.toContain('set-alarm-state');
  });

  test('says where there is no AWS CLI', async () => {
    const { code, stderr } = await checkout.run('test-alarm.ts', ['--stage', 'default'], {
      env: { PATH: folder },
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('AWS CLI is not installed'),
    });
  });

  test('says that nothing rings on this machine', async () => {
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('nothing to ring on this machine'),
    });
  });

  test.each([[['--nope']], [['--alarm', 'No such']], [['--stage', 'a_b']]])('refuses %j', async (args) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '' });
  });

  test('explains itself', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--alarm'),
      stderr: '',
    });
  });
});
