import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Figure } from './figures.ts';

export interface PartResult {
  readonly part: string;
  /** Whether it ran to its end and met its targets. */
  readonly isWhole: boolean;
  readonly figures: readonly Figure[];
}

/** What each part measures, in a reader's words. */
const titles: Readonly<Record<string, string>> = {
  'cold-start': 'Cold start: from the spawn of a process to its first answer, median of 15',
  'receive-webhook': 'The webhook',
  'store-events': 'The consumer',
  costs: 'What events take and cost',
  'end-to-end': 'The whole gateway on this machine',
  growth: 'Growth',
  reading: 'Reading',
  'send-message': 'Sending',
  inbox: 'The inbox page in Chromium',
  'simulator-webhooks': 'The simulated Meta, which the tests rely on',
};

/** `docs/performance.md`: every figure of a run beside its target, met or missed. */
export function performanceDocument(results: readonly PartResult[], tookMs: number): string {
  const [cpu] = cpus();
  const judged = results.flatMap(({ figures }) => figures).filter(({ isMet }) => isMet !== undefined);
  const missed = judged.filter(({ isMet }) => !isMet).length;
  return `# Performance

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, in ${Math.round(tookMs / 60_000)} minutes: ${judged.length - missed} of ${judged.length} targets met, ${missed} missed.

Machine: ${cpu?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB; ${type()} ${release()} ${arch()}; Node ${process.versions.node}. All of it, the
simulated Meta and the emulated AWS services included, ran on this machine: so a time says little, and what it is
beside, measured in the same run, much.

${results.map(section).join('\n')}
Where the first limits are beyond one machine: [growth](growth.md).
`;
}

function section({ part, figures }: PartResult): string {
  const rows = figures.map(
    ({ what, measured, target = '', beside = '', isMet }) =>
      `| ${isMet === undefined ? '' : isMet ? 'met' : '**missed**'} | ${what} | ${measured} | ${target} | ${beside} |`,
  );
  const body =
    rows.length > 0
      ? ['| | What | Measured | Target | Beside |', '|---|---|---|---|---|', ...rows]
      : ['Not run.'];
  return [`## ${titles[part] ?? part}`, '', `\`npm run bench -- --only ${part}\``, '', ...body, ''].join(
    '\n',
  );
}
