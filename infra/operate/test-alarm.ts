import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { alarmName, runbookSection } from '../alarm-name.ts';
import { awsCli } from './aws-cli.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { stackOfStage } from './stage.ts';

const help = `Rings one of the alarms of a deployed gateway, for a moment, to see that somebody hears it.

  npm run test-alarm -- --stage default

  --stage STAGE   of the gateway deployed with this stage, "default" for the first
  --alarm NAME    which one, by its section of docs/runbook.md (default dead-letters-of-events)
  --help          this text

It needs the AWS CLI, signed in, with cloudwatch:DescribeAlarms, cloudwatch:SetAlarmState and
sns:ListSubscriptionsByTopic. Nothing else is touched: CloudWatch measures anew within minutes.

Ends with 0 when it rang and somebody is told, 3 when it rang and nobody is told, 1 when it could not ring, 2 for a wrong
command line.`;

const flags = {
  stage: { type: 'string' },
  alarm: { type: 'string', default: 'dead-letters-of-events' },
} as const;

/** Two mails at once would arrive in either order. */
const ringsForMs = 5_000;

const alarms = z.object({
  MetricAlarms: z.array(z.object({ StateValue: z.string(), AlarmActions: z.array(z.string()) })),
});
const subscriptions = z.object({
  Subscriptions: z.array(
    z.object({ Protocol: z.string(), Endpoint: z.string(), SubscriptionArn: z.string() }),
  ),
});
/** What SNS says in place of an ARN until the mail was confirmed. */
const unconfirmed = 'PendingConfirmation';

await runCommand(help, flags, async ({ stage, alarm: section }) => {
  if (!/^[a-z0-9-]{1,64}$/.test(section)) {
    throw new WrongUsage(`--alarm takes the name of a section of docs/runbook.md, not "${section}".`);
  }
  if (stage === undefined) {
    throw new CommandFailed(
      'There is nothing to ring on this machine: CloudWatch keeps the alarms, on AWS alone.\nTry the deployed gateway: npm run test-alarm -- --stage default',
    );
  }
  const name = alarmName(stackOfStage(stage), section);
  const topic = await topicOf(name, section);
  const isHeard = await tellWho(topic);

  console.log(`Ringing ${name} …`);
  await setState(name, 'ALARM');
  await delay(ringsForMs);
  await setState(name, 'OK');
  console.log(`It rang, and is well again. Look for two mails from AWS (no-reply@sns.amazonaws.com), among the unwanted ones too:
  ALARM: "${name}" …
  OK: "${name}" …`);
  return isHeard ? 0 : 3;
});

/** The topic that the alarm publishes to. @throws CommandFailed when there is none, or it is ringing by itself. */
async function topicOf(name: string, section: string): Promise<string> {
  const told = await awsCli('cloudwatch', 'describe-alarms', '--alarm-names', name);
  const [alarm] = alarms.parse(told).MetricAlarms;
  if (!alarm) {
    throw new CommandFailed(
      `There is no alarm ${name}. Check AWS_PROFILE, AWS_REGION and --stage, and that it is deployed: npm run deploy`,
    );
  }
  if (alarm.StateValue === 'ALARM') {
    throw new CommandFailed(`${name} rings already, and means it: ${runbookSection(section)}`);
  }
  const [topic] = alarm.AlarmActions;
  if (topic) return topic;
  throw new CommandFailed(`${name} publishes to no topic: somebody changed it. Deploy again: npm run deploy`);
}

/** Says who will hear it. @returns whether anybody does. */
async function tellWho(topic: string): Promise<boolean> {
  const told = await awsCli('sns', 'list-subscriptions-by-topic', '--topic-arn', topic);
  const all = subscriptions.parse(told).Subscriptions;
  for (const { Protocol, Endpoint, SubscriptionArn } of all) {
    const isWaiting = SubscriptionArn === unconfirmed;
    const note = isWaiting
      ? ': not confirmed yet. Follow the link in the mail that AWS sent after the deploy'
      : '';
    console.log(`Told by ${Protocol}: ${Endpoint}${note}`);
  }
  if (all.length === 0) {
    console.log(
      'Nobody is told. Deploy with ALARM_EMAIL=you@example.com, and confirm the mail that AWS sends.',
    );
  }
  return all.some(({ SubscriptionArn }) => SubscriptionArn !== unconfirmed);
}

async function setState(name: string, state: 'ALARM' | 'OK'): Promise<void> {
  const reason = 'A test by npm run test-alarm: nothing is wrong.';
  await awsCli(
    ...['cloudwatch', 'set-alarm-state', '--alarm-name', name],
    ...['--state-value', state, '--state-reason', reason],
  );
}
