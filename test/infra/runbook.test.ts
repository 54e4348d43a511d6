import { globSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploySettings } from '../../infra/deploy-settings.ts';
import { accessLogMetricNames, metricNames } from '../../shared/runtime/metrics.ts';
import { anchorsOf, read, root } from '../unit/docs/documents.ts';
import { allExtensions, resources, synthesise } from './synthesise.ts';

const stack = 'InstagramMessageGateway';
const runbook = read('docs/runbook.md');

/** The sections that stand for something that rings: each second-level heading below "# Alarms". */
const sections = [...(runbook.split('\n# Alarms\n')[1] ?? '').matchAll(/^## (.+)$/gm)].map(
  ([, heading = '']) => heading,
);

const subscribers = new Set(['dead-letters-of-auto-reply', 'dead-letters-of-forward-events']);

describe('the runbook', () => {
  let template: Template;
  beforeAll(async () => {
    const settings = deploySettings({
      ALARM_EMAIL: 'shop@example.com',
      MONTHLY_BUDGET_USD: '20',
      ...allExtensions,
    });
    template = await synthesise({ settings, checked: true });
  });
  const alarms = () => alarmsOf(template);
  const budgets = () => resources(template, 'AWS::Budgets::Budget').map(([, { Properties }]) => Properties);

  it('has a section for every alarm, and every section an alarm', () => {
    const rings = [
      ...alarms().map(({ AlarmName }) => AlarmName),
      ...budgets().map(({ Budget }) => (Budget as { BudgetName: string }).BudgetName),
    ].map((name) => name.replace(`${stack}-`, ''));
    // Whoever subscribes to the events has an alarm of its own, and all of them one section.
    const belongTo = rings.map((name) => (subscribers.has(name) ? 'dead-letters-of-subscribers' : name));
    expect([...new Set(belongTo)].toSorted()).toEqual(sections.toSorted());
    expect(new Set(rings).size).toBe(rings.length);
  });

  it.each(sections)('%s: description, investigation, resolution', (section) => {
    const text = runbook.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
    expect([...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Description',
      'Investigation',
      'Resolution',
    ]);
    for (const part of text.split(/^### .+$/m).slice(1)) expect(part.trim()).not.toBe('');
  });

  it('is where each alarm leads', () => {
    const anchors = anchorsOf(runbook);
    for (const { AlarmDescription } of alarms()) {
      const [, anchor] = /docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription) ?? [];
      expect(anchors).toContain(anchor);
    }
  });

  it('is told to somebody when an alarm rings, and when it is well again', () => {
    for (const { AlarmActions, OKActions } of alarms()) {
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^AlarmsTopic/) }]);
      expect(OKActions).toEqual(AlarmActions);
    }
  });
});

describe('what an alarm looks at', () => {
  let template: Template;
  let emitted: readonly string[];
  beforeAll(async () => {
    template = await synthesise({ settings: deploySettings(allExtensions) });
    emitted = globSync(['functions/**/*.ts', 'shared/**/*.ts'], {
      cwd: root,
      exclude: ['functions/inbox/page/**', 'shared/runtime/metrics.ts'],
    })
      .flatMap((path) => [...read(path).matchAll(/\[metricNames\.(\w+)\]:/g)])
      .map(([, key = '']) => key);
  });
  const own = () => alarmsOf(template).filter(({ Namespace }) => Namespace === stack);

  it('is emitted by a function, or counted in the access log', () => {
    const filtered = resources(template, 'AWS::Logs::MetricFilter').flatMap(
      ([, { Properties }]) => Properties.MetricTransformations as Transformation[],
    );
    expect(filtered).toEqual([
      {
        MetricName: accessLogMetricNames.webhookFailures,
        MetricNamespace: stack,
        MetricValue: '1',
        DefaultValue: 0,
      },
    ]);
    const ofLog = own().filter(({ MetricName }) => filtered.some((each) => each.MetricName === MetricName));
    for (const { Dimensions } of ofLog) expect(Dimensions).toBeUndefined();

    const ofFunctions = own().filter((alarm) => !ofLog.includes(alarm));
    const names = emitted.map((key) => metricNames[key as keyof typeof metricNames]);
    for (const { MetricName, Dimensions } of ofFunctions) {
      expect(names).toContain(MetricName);
      expect(Dimensions).toBeUndefined();
    }
  });

  it('is every metric that a person has to be woken for', () => {
    expect(new Set(own().map(({ MetricName }) => MetricName))).toEqual(
      new Set([
        metricNames.signatureFailures,
        metricNames.messagesRecovered,
        metricNames.lagMs,
        metricNames.tokenDaysLeft,
        metricNames.graphErrors,
        metricNames.sendsUnknown,
        metricNames.accountErrors,
        accessLogMetricNames.webhookFailures,
      ]),
    );
  });

  it('is in no name that nothing emits', () => {
    expect([...new Set(emitted)].toSorted()).toEqual(Object.keys(metricNames).toSorted());
  });

  it('is every dead-letter queue: each queue has one, each subscription and each alarm too', () => {
    const queues = resources(template, 'AWS::SQS::Queue');
    const letters = queues.flatMap(([, { Properties }]) => {
      const policy = Properties.RedrivePolicy as
        | { deadLetterTargetArn: { 'Fn::GetAtt': string[] } }
        | undefined;
      return policy?.deadLetterTargetArn['Fn::GetAtt'][0] ?? [];
    });
    const watched = alarmsOf(template).flatMap(({ MetricName, Dimensions }) => {
      if (MetricName !== 'ApproximateNumberOfMessagesVisible') return [];
      const queueName = Dimensions?.[0]?.Value as { 'Fn::GetAtt': string[] } | undefined;
      return queueName?.['Fn::GetAtt'][0] ?? [];
    });
    const plain = queues.map(([id]) => id).filter((id) => !letters.includes(id));
    expect(letters).toHaveLength(plain.length);
    expect(watched.toSorted()).toEqual(letters.toSorted());
    // A mail has no dead letters: AWS tries it for a while, and its topic has no queue.
    const subscriptions = resources(template, 'AWS::SNS::Subscription').filter(
      ([, { Properties }]) => Properties.Protocol !== 'email',
    );
    for (const [, { Properties }] of subscriptions) {
      expect(Properties.RedrivePolicy).toMatchObject({ deadLetterTargetArn: expect.anything() });
    }
  });
});

describe('the dashboard', () => {
  it('is one, has the name of the stack, and shows all alarms', async () => {
    const template = await synthesise();
    const [[, dashboard] = [], ...more] = resources(template, 'AWS::CloudWatch::Dashboard');
    expect(more).toEqual([]);
    expect(dashboard?.Properties.DashboardName).toBe(stack);
    const body = JSON.stringify(dashboard?.Properties.DashboardBody);
    for (const [id] of resources(template, 'AWS::CloudWatch::Alarm')) expect(body).toContain(id);
    for (const name of [metricNames.eventsStored, metricNames.lagMs]) expect(body).toContain(name);
  });
});

const alarmsOf = (template: Template): readonly AlarmProperties[] =>
  resources(template, 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) => Properties as unknown as AlarmProperties,
  );

describe('what being watched costs', () => {
  it('is what docs/deploy.md says', async () => {
    const alarms = alarmsOf(await synthesise()).length;
    const metrics = Object.keys(metricNames).length + Object.keys(accessLogMetricNames).length;
    const cost = read('docs/deploy.md');
    expect(cost).toContain(`$${(alarms * 0.1).toFixed(2)} for ${alarms} alarms`);
    expect(cost).toContain(`$${(metrics * 0.3).toFixed(2)} for ${metrics} metrics`);
    // Ten of each are free.
    expect(cost).toContain(`$${((alarms - 10) * 0.1 + (metrics - 10) * 0.3).toFixed(2)} remain`);
  });
});

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
}

interface Transformation {
  readonly MetricName: string;
}
