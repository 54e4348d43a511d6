import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Figure } from './figures.ts';

/** What the last run of a part measured. */
export interface PartResult {
  readonly part: string;
  /** Empty: it did not run to its end, or could not run here. */
  readonly figures: readonly Figure[];
  readonly atMs: number;
}

/** What each part measures, in a reader's words. */
const titles: Readonly<Record<string, string>> = {
  'cold-start': 'Cold start: from the spawn of a process to its first answer, median of 15',
  'receive-webhook': 'The webhook',
  'store-events': 'The consumer',
  costs: 'What events take and cost',
  operations:
    'What reading and sending take and cost: each call ten times, with 50 conversations of 20 messages stored',
  'end-to-end': 'The whole gateway on this machine',
  growth: 'Growth',
  memory: 'Memory of the functions, DynamoDB, SQS, SNS and Meta answered from memory',
  reading: 'Reading',
  'send-message': 'Sending',
  inbox: 'The inbox page in Chromium',
  'simulator-webhooks': 'The simulated Meta, which the tests rely on',
};

/** `docs/performance.md`: every figure beside its target, met or missed. */
export function performanceDocument(results: readonly PartResult[]): string {
  const [cpu] = cpus();
  const judged = results.flatMap(({ figures }) => figures).filter(({ isMet }) => isMet !== undefined);
  const missed = judged.filter(({ isMet }) => !isMet).length;
  const machine = `${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${type()} ${release()} ${arch()}; Node ${process.versions.node}`;
  const lines = [
    '# Performance',
    '',
    `Written by \`npm run bench\`: ${judged.length - missed} of ${judged.length} targets met, ${missed} missed.`,
    '',
    `Machine: ${machine}. All of it, the simulated Meta and the emulated AWS services included, ran on this machine: so a`,
    'time says little, and what it is beside, measured in the same run, much.',
    '',
    ...results.flatMap(section),
    'Why targets are missed, and where the first limits are beyond one machine: [growth](growth.md).',
    '',
  ];
  return lines.join('\n');
}

function section({ part, figures, atMs }: PartResult): string[] {
  const rows = figures.map(
    ({ what, measured, target = '', beside = '', isMet }) =>
      `| ${isMet === undefined ? '' : isMet ? 'met' : '**missed**'} | ${what} | ${measured} | ${target} | ${beside} |`,
  );
  const table = ['| | What | Measured | Target | Beside |', '|---|---|---|---|---|', ...rows];
  return [
    `## ${titles[part] ?? part}`,
    '',
    `\`npm run bench -- --only ${part}\`, ${new Date(atMs).toISOString().slice(0, 10)}`,
    '',
    ...(rows.length > 0 ? table : ['Not run.']),
    '',
  ];
}
