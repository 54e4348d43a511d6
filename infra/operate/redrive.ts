import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { auditLog } from './audit-log.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { why } from './doctor/gateway-seen.ts';
import { type GatewayTable, gatewayTable } from './gateway-table.ts';
import { type GatewayQueue, gatewayQueues } from './queues/gateway-queues.ts';
import { kindOfLetter } from './queues/letter-kind.ts';
import { sentAtMs } from './queues/letters.ts';
import { type Work, type Worked, workThrough } from './queues/work-through.ts';

const help = `Shows the dead letters of a gateway, and puts them back into their queues.

  npm run redrive                            how many there are, of which kind, since when
  npm run redrive -- --yes                   puts them back: each is tried again
  npm run redrive -- --purge                 what would be thrown away
  npm run redrive -- --purge --confirm-purge throws them away for good

  --queue NAME       of this dead-letter queue alone, by the name that is shown
  --limit N          no more than N of each queue (default 10000)
  --yes              puts back
  --purge            with --confirm-purge: throws away
  --stage STAGE      of the gateway deployed with this stage, "default" for the first (default: the one that
                     "npm run dev" runs on this machine)

Mend what made them fail first. A message is put back before it is taken away, so none is lost when this is ended
midway: run it again. What is stored already changes nothing when it comes twice. Ctrl-C ends it in order.

Ends with 0 when there are none or all were dealt with, 3 when some are left, 1 when something failed, 2 for a wrong
command line.`;

const flags = {
  queue: { type: 'string' },
  limit: { type: 'string' },
  yes: { type: 'boolean' },
  purge: { type: 'boolean' },
  'confirm-purge': { type: 'boolean' },
  stage: { type: 'string' },
} as const;

const defaultLimit = 10_000;
const tellEvery = 500;

interface Asked {
  readonly action: Work['action'];
  /** What a look is for. */
  readonly isPurge: boolean;
  readonly limit: number;
  readonly signal: AbortSignal;
}

await runCommand(help, flags, async (values) => {
  const { yes = false, purge = false, 'confirm-purge': isConfirmed = false, stage, queue } = values;
  if (yes && purge) throw new WrongUsage('--yes puts back, --purge throws away: give one of them.');
  if (isConfirmed && !purge) throw new WrongUsage('--confirm-purge goes with --purge.');
  const asked: Asked = {
    action: yes ? 'move' : isConfirmed ? 'purge' : 'look',
    isPurge: purge,
    limit: limitOf(values.limit),
    signal: interrupted(),
  };
  const { client, queues, place } = await gatewayQueues(stage);
  const deadLetterQueues = chosen(queues, queue);
  console.log(`Dead letters of ${place}:`);
  let left = 0;
  for (const each of deadLetterQueues) {
    const { seen, done } = await deal(client, each, asked);
    left += seen.length - done;
    if (done > 0) await note(await gatewayTable(stage), each, asked, done);
    if (asked.signal.aborted) throw new CommandFailed('Stopped. Run it again, and it goes on where it was.');
  }
  if (asked.action === 'look' && left > 0) {
    console.log(
      purge
        ? '\nNothing was thrown away. To do so for good: npm run redrive -- --purge --confirm-purge'
        : '\nNothing was put back. Mend what made them fail, then: npm run redrive -- --yes',
    );
  }
  return left > 0 ? 3 : 0;
});

function limitOf(given: string | undefined): number {
  if (given === undefined) return defaultLimit;
  if (!/^[1-9]\d{0,6}$/.test(given)) throw new WrongUsage(`--limit takes a number from 1, not "${given}".`);
  return Number(given);
}

/** The first Ctrl-C ends the work in order, the second one at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

function chosen(queues: readonly GatewayQueue[], name: string | undefined): readonly GatewayQueue[] {
  const all = queues.filter(({ sources }) => sources.length > 0);
  if (name === undefined) return all;
  const found = all.filter((each) => each.name === name);
  if (found.length > 0) return found;
  throw new WrongUsage(
    `No dead-letter queue is called "${name}". There are: ${all.map((each) => each.name).join(', ')}.`,
  );
}

async function note(
  table: GatewayTable,
  { name }: GatewayQueue,
  { action }: Asked,
  messages: number,
): Promise<void> {
  const what = action === 'purge' ? 'dead_letters_purged' : 'dead_letters_put_back';
  await auditLog(table)
    .add(what, { queue: name, messages })
    .catch((error: unknown): never => {
      throw new CommandFailed(`It is done, and could not be recorded: ${why(error)}`);
    });
}

async function deal(client: SQSClient, queue: GatewayQueue, asked: Asked): Promise<Worked> {
  const [source, another] = queue.sources;
  if (asked.action === 'move' && another) {
    throw new CommandFailed(
      `${queue.name} takes the messages of several queues: it is not known whose is whose.`,
    );
  }
  const work: Work =
    asked.action === 'move' ? { action: 'move', to: source?.url ?? '' } : { action: asked.action };
  let told = 0;
  const worked = await workThrough(client, queue.url, work, {
    limit: asked.limit,
    startedAtMs: Date.now(),
    signal: asked.signal,
    onProgress: (seen) => {
      if (seen - told < tellEvery) return;
      told = seen;
      console.error(`  ${queue.name}: ${seen} so far`);
    },
  }).catch((error: unknown): never => {
    throw new CommandFailed(
      `${queue.name}: ${why(error)}\nNo message is lost: those that were not dealt with show again within five minutes. Run it again.`,
    );
  });
  report(queue, worked, asked);
  return worked;
}

function report(
  { name, sources }: GatewayQueue,
  { seen, done, failed }: Worked,
  { action, limit }: Asked,
): void {
  if (seen.length === 0) {
    console.log(`  ${name}: none`);
    return;
  }
  const more = seen.length >= limit ? ' (there may be more: --limit)' : '';
  const outcome = {
    look: `${seen.length}${more}`,
    move: `${done} put back into ${sources.map((source) => source.name).join()}${more}`,
    purge: `${done} thrown away${more}`,
  }[action];
  console.log(`  ${name}: ${outcome}${failed > 0 ? `, ${failed} could not be and stay` : ''}`);
  for (const line of kindLines(seen)) console.log(`    ${line}`);
}

function kindLines(messages: readonly Message[]): string[] {
  const kinds = Map.groupBy(messages, ({ Body = '' }) => {
    const { kind, why: reason } = kindOfLetter(Body);
    return `${kind}: ${reason}`;
  });
  return [...kinds]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(
      ([kind, of]) => `${of.length}  since ${new Date(Math.min(...of.map(sentAtMs))).toISOString()}  ${kind}`,
    );
}
