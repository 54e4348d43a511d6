import { type AccountId, accountId } from '../../shared/instagram/ids.ts';
import { type SendLedger, sendLedger, unsettledPlace } from '../../shared/sending/send-ledger.ts';
import { type SendId, type SendRow, type ThreadId, threadOf } from '../../shared/sending/send-row.ts';
import { explainStop, type SendingStops, sendingStops } from '../../shared/sending/sending-stop.ts';
import { type ThreadQueues, threadQueues } from '../../shared/sending/thread-queue.ts';
import { auditLog } from './audit-log.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { gatewayHere } from './doctor/gateway-here.ts';
import { gatewayOnAws } from './doctor/gateway-on-aws.ts';
import { why } from './doctor/gateway-seen.ts';

const help = `Shows what is being sent, and stops and resumes it.

  npm run sends                    whether sending is stopped, and what waits
  npm run sends -- --pause         nothing goes out any more, of this account
  npm run sends -- --resume        it goes on; what waited goes out within a minute
  npm run sends -- --unknown       the sends of which Meta has not told whether they arrived
  npm run sends -- --thread ID     what stands in line for one customer

  --pause          what comes with "Prefer: respond-async" is queued, whoever waits for an answer gets 503 sends_paused
  --resume         also after Meta has refused the token or blocked the account: it is asked again at once
  --unknown        with what to do about each
  --thread ID      the customer's id, as GET /api/conversations shows it (recipient_id)
  --stage STAGE    of the gateway deployed with this stage, "default" for the first (default: the one that
                   "npm run dev" runs on this machine)

Ends with 0 when done, 3 when sending is stopped or sends are unknown, 1 when something could not be read, 2 for a
wrong command line.`;

const flags = {
  pause: { type: 'boolean' },
  resume: { type: 'boolean' },
  unknown: { type: 'boolean' },
  thread: { type: 'string' },
  stage: { type: 'string' },
} as const;

const pageSize = 100;
const shownCharacters = 60;

interface Sends {
  readonly account: AccountId;
  readonly ledger: SendLedger;
  readonly queues: ThreadQueues;
  readonly stops: SendingStops;
  readonly audit: ReturnType<typeof auditLog>;
}

await runCommand(help, flags, async ({ pause, resume, unknown, thread, stage }) => {
  const asked = [pause, resume, unknown, thread].filter((flag) => flag !== undefined);
  if (asked.length > 1) {
    throw new WrongUsage('Give one of --pause, --resume, --unknown and --thread at a time.');
  }
  if (thread !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(thread)) {
    throw new WrongUsage(`--thread takes a customer's id, not "${thread}".`);
  }
  const sends = await sendsOf(stage);
  const show = () => {
    if (pause) return pauseSending(sends);
    if (resume) return resumeSending(sends);
    if (unknown) return showUnknown(sends);
    return thread === undefined ? showAll(sends) : showThread(sends, thread);
  };
  return show().catch((error: unknown): never => {
    throw new CommandFailed(`The sends cannot be read or changed: ${why(error)}`);
  });
});

/** @throws CommandFailed where no gateway is, or it is not connected. */
async function sendsOf(stage: string | undefined): Promise<Sends> {
  const { table, input } = stage === undefined ? await gatewayHere() : await gatewayOnAws(stage);
  if (!table) throw new CommandFailed('No gateway is running on this machine. Start one with: npm run dev');
  const account = accountId(input.connection.graph?.ig_user_id);
  if (!account) {
    throw new CommandFailed('The gateway is not connected to Instagram yet. Run: npm run connect');
  }
  return {
    account,
    ledger: sendLedger(table.client, table.name),
    queues: threadQueues(table.client, table.name),
    stops: sendingStops(table.client, table.name, account),
    audit: auditLog(table),
  };
}

async function pauseSending({ stops, audit, account }: Sends): Promise<0> {
  const isNew = await stops.pause();
  if (isNew) await audit.add('sending_paused', { account });
  console.log(
    isNew
      ? 'Sending is paused. Requests that are on their way at this moment still end. Resume with: npm run sends -- --resume'
      : 'Sending was paused already.',
  );
  return 0;
}

async function resumeSending({ stops, audit, account }: Sends): Promise<0> {
  const wasStopped = await stops.resume();
  if (wasStopped) await audit.add('sending_resumed', { account });
  console.log(
    wasStopped ? 'Sending goes on: what waited goes out within a minute.' : 'Sending was not stopped.',
  );
  return 0;
}

async function showAll(sends: Sends): Promise<0 | 3> {
  const isStopped = await showStop(sends);
  const rows = await unsettled(sends);
  const of = (...names: SendRow['state']['name'][]) => rows.filter(({ state }) => names.includes(state.name));
  const waiting = of('accepted', 'sending');
  const threads = new Set(waiting.map(threadOf)).size;
  const [oldest] = waiting;
  console.log(
    oldest
      ? `Waiting: ${waiting.length}, in conversations: ${threads}, the oldest since ${iso(oldest.acceptedAtMs)}.`
      : 'Nothing waits to be sent.',
  );
  const unknown = of('unknown').length;
  if (unknown > 0) {
    console.log(`Not known whether they arrived: ${unknown}. See: npm run sends -- --unknown`);
  }
  return isStopped || unknown > 0 ? 3 : 0;
}

async function showStop({ stops }: Sends): Promise<boolean> {
  const failure = explainStop(await stops.read());
  console.log(failure ? `Stopped: ${failure.message}` : 'Sending is on.');
  return failure !== undefined;
}

async function showUnknown(sends: Sends): Promise<0 | 3> {
  const rows = (await unsettled(sends)).filter(({ state }) => state.name === 'unknown');
  if (rows.length === 0) {
    console.log('The outcome of every send is known.');
    return 0;
  }
  for (const row of rows) console.log(lineOf(row));
  console.log(`
Meta was asked to send these, and its answer was lost. Its echo settles most within seconds, its own conversation the
others after one minute or ten. What is older stays unknown: look at the conversation in Instagram. If the message is
there, all is well. If it is not, send it again under a new Idempotency-Key; the old one never sends it again.`);
  return 3;
}

async function showThread(sends: Sends, customer: string): Promise<0 | 3> {
  const thread = `${sends.account}.${customer}` as ThreadId;
  const { waiting, unknown, last, lease } = await sends.queues.read(thread);
  const isStopped = await showStop(sends);
  await showRows(sends, 'In line, the next one first:', waiting, 'Nothing stands in line.');
  await showRows(sends, 'Not known whether they arrived:', unknown);
  await showRows(sends, 'Sent last:', last ? [last] : []);
  if (lease && lease.untilMs > Date.now()) console.log('Somebody is sending in this conversation just now.');
  return isStopped || unknown.length > 0 ? 3 : 0;
}

async function showRows(
  { ledger }: Sends,
  title: string,
  ids: readonly SendId[],
  otherwise?: string,
): Promise<void> {
  if (ids.length > 0) console.log(title);
  else if (otherwise) console.log(otherwise);
  for (const sendId of ids) {
    const row = await ledger.find(sendId);
    console.log(row ? lineOf(row) : `  ${sendId}  expired`);
  }
}

async function unsettled({ ledger, account }: Sends): Promise<SendRow[]> {
  const all: SendRow[] = [];
  for (let page = await ledger.unsettled(account, pageSize); ; ) {
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return all;
    page = await ledger.unsettled(account, pageSize, unsettledPlace(last));
  }
}

function lineOf({ sendId, state, addressee, acceptedAtMs, sentBy, parts, sentParts }: SendRow): string {
  const to =
    'customerId' in addressee ? addressee.customerId : `the author of comment ${addressee.commentId}`;
  const because = state.name === 'accepted' ? state.because : undefined;
  return [
    `  ${sendId}`,
    `${state.name}${because ? ` (${because.code})` : ''}`,
    iso(acceptedAtMs),
    `to ${to}`,
    `by ${sentBy.name}`,
    JSON.stringify(shown(parts[sentParts.length] ?? parts[0])),
  ].join('  ');
}

function shown(part: SendRow['parts'][number] | undefined): string {
  const { text } = part?.message ?? {};
  const what = typeof text === 'string' ? text : Object.keys(part?.message ?? {}).join();
  return what.length > shownCharacters ? `${what.slice(0, shownCharacters)}…` : what;
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
