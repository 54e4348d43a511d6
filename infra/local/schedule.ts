import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { WriteLine } from './function-environment.ts';
import { accountId, region } from './identities.ts';
import type { LocalFunction } from './local-function.ts';
import { type Resource, TemplateError } from './template.ts';

const target = z.object({ Arn: z.string(), Input: z.string().optional() });
const schedule = z.object({
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  /** AWS::Events::Rule has several, AWS::Scheduler::Schedule one. */
  Targets: z.array(target).optional(),
  Target: target.optional(),
});

export interface Schedule {
  readonly everyMs: number;
  readonly enabled: boolean;
  readonly targets: readonly { readonly arn: string; readonly input: unknown }[];
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Reads a rule or schedule. Throws TemplateError for anything but `rate(…)`. */
export function readSchedule(logicalId: string, type: Resource['Type'], value: unknown): Schedule {
  const parsed = schedule.safeParse(value);
  if (!parsed.success) throw new TemplateError(`${logicalId} (${type}): ${z.prettifyError(parsed.error)}`);
  const { ScheduleExpression, State, Targets, Target } = parsed.data;
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(ScheduleExpression);
  if (!rate) {
    throw new TemplateError(
      `${logicalId}: the schedule ${ScheduleExpression} is not supported on this machine, only rate(…) is.`,
    );
  }
  const unit = rate[2] as keyof typeof unitMs;
  const everyMs = Number(rate[1]) * unitMs[unit];
  const source = type === 'AWS::Events::Rule' ? 'aws.events' : 'aws.scheduler';
  return {
    everyMs,
    enabled: State === 'ENABLED',
    targets: (Targets ?? (Target ? [Target] : [])).map(({ Arn, Input }) => ({
      arn: Arn,
      input: Input === undefined ? scheduledEvent(logicalId, source) : JSON.parse(Input),
    })),
  };
}

/** Calls the function each period; gives what ends it. A failure is written down, and the next period tries again. */
export function startSchedule(
  everyMs: number,
  callee: LocalFunction,
  input: unknown,
  writeLine: WriteLine,
): () => Promise<void> {
  const timer = setInterval(() => {
    callee.invoke(input).catch((error: unknown) => {
      writeLine(`scheduled call failed: ${error instanceof Error ? error.message : String(error)}`);
    });
  }, everyMs);
  return async () => clearInterval(timer);
}

function scheduledEvent(name: string, source: string) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: accountId,
    time: new Date().toISOString(),
    region,
    resources: [name],
    detail: {},
  };
}
