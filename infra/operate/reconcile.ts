import { SQSClient } from '@aws-sdk/client-sqs';
import { accountId } from '../../shared/instagram/ids.ts';
import { type FoundInThread, lookUpThread } from '../../shared/reconcile/look-up.ts';
import { type ChangedResult, reconcileChanged } from '../../shared/reconcile/reconcile-changed.ts';
import { OutOfTimeError, type ReconcileParts } from '../../shared/reconcile/reconcile-parts.ts';
import { ReconcilingElsewhereError } from '../../shared/reconcile/reconcile-store.ts';
import type { Gap } from '../../shared/reconcile/tally.ts';
import { localClient } from '../local/local-client.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { useGraphOf } from './doctor/examine.ts';
import { gatewayHere } from './doctor/gateway-here.ts';
import { gatewayOnAws } from './doctor/gateway-on-aws.ts';
import { why } from './doctor/gateway-seen.ts';
import { runningGateway } from './running-gateway.ts';
import { deployedStack } from './stack-outputs.ts';

const help = `Compares what is stored with the conversations at Meta, and fetches what is missing.

  npm run reconcile                      what changed at Meta since it was read last
  npm run reconcile -- --all             everything, for the history from before the gateway was connected
  npm run reconcile -- --customer ID     the conversation with one customer

  --all            every conversation, and all that lies behind its newest messages
  --customer ID    the customer's id, as GET /api/conversations shows it (recipient_id)
  --stage STAGE    of the gateway deployed with this stage, "default" for the first (default: the one that
                   "npm run dev" runs on this machine)

Meta gives out the text of the 20 newest messages of a conversation alone, and allows two calls a second, so --all
takes one to two seconds a conversation. It can be stopped with Ctrl-C and run again: it goes on where it was.

Ends with 0 when all that Meta gives out is there, 3 when there are gaps that cannot be closed, 1 when something
could not be read, 2 for a wrong command line.`;

const flags = {
  all: { type: 'boolean' },
  customer: { type: 'string' },
  stage: { type: 'string' },
} as const;

/** Nobody ends a command but its owner. */
const longMs = 24 * 60 * 60 * 1000;

await runCommand(help, flags, async ({ all = false, customer, stage }) => {
  if (all && customer !== undefined) throw new WrongUsage('--all and --customer do not go together.');
  const parts = await partsOf(stage);
  if (customer !== undefined) {
    return reportThread(await lookUpThread(parts, customer).catch(failed));
  }
  const result = await reconcileChanged(parts, { isImport: all, includesFresh: true }).catch(failed);
  if (parts.signal?.aborted) console.error('Stopped. Run it again, and it goes on where it was.');
  return report(result);
});

/** @throws CommandFailed where no gateway is, or it is not connected. */
async function partsOf(stage: string | undefined): Promise<ReconcileParts> {
  const gateway = stage === undefined ? await gatewayHere() : await gatewayOnAws(stage);
  const { table } = gateway;
  if (!table) throw new CommandFailed('No gateway is running on this machine. Start one with: npm run dev');
  const secret = gateway.input.connection.graph;
  const account = accountId(secret?.ig_user_id);
  if (!secret || !account) {
    throw new CommandFailed('The gateway is not connected to Instagram yet. Run: npm run connect');
  }
  useGraphOf(gateway);
  return {
    client: table.client,
    tableName: table.name,
    account,
    secret,
    ...(stage === undefined ? queueHere() : await queueOnAws(stage)),
    beginBeforeMs: Date.now() + longMs,
    signal: interrupted(),
    onProgress: (progress) => console.error(progress),
  };
}

/** The first Ctrl-C ends the work in order, the second one at once. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

function queueHere() {
  const { queues = {}, endpoints } = runningGateway('');
  const url = Object.entries(queues).find(([id]) => id.startsWith('EventsQueue'))?.[1];
  if (!url || !endpoints.sqs)
    throw new CommandFailed('The running gateway does not tell its queues. Start it again.');
  return { sqs: new SQSClient({ ...localClient(endpoints.sqs), maxAttempts: 1 }), eventsQueueUrl: url };
}

async function queueOnAws(stage: string) {
  const stack = await deployedStack(stage);
  return { sqs: new SQSClient(stack.where), eventsQueueUrl: stack.output('EventsQueueUrl') };
}

function report({ run, gaps, failed: unread, foreign }: ChangedResult): 0 | 1 | 3 {
  console.log(
    `${run.threads_read} of ${run.threads_listed} conversations read, ${run.messages_found} messages found; they are being stored.`,
  );
  if (foreign > 0) {
    console.log(
      `${foreign} conversations were left out: IG_USER_ID takes no part in them. Run "npm run doctor": it is another account's id, or the Page's.`,
    );
  }
  reportGaps(gaps);
  for (const { threadId, why: reason } of unread) {
    console.error(`Conversation ${threadId} could not be read (${reason}). Run it again later.`);
  }
  if (unread.length > 0 || !run.is_complete) return 1;
  return gaps.length > 0 ? 3 : 0;
}

function reportThread(found: FoundInThread | undefined): 0 | 1 | 3 {
  if (!found) throw new CommandFailed('Meta lists no conversation of this account with this customer.');
  const { messages, gaps, unread } = found;
  console.log(
    messages === 0 ? 'No message is missing.' : `${messages} messages found; they are being stored.`,
  );
  reportGaps(gaps);
  if (unread > 0) console.error(`${unread} messages could not be read for the moment. Run it again later.`);
  if (unread > 0) return 1;
  return gaps.length > 0 ? 3 : 0;
}

function reportGaps(gaps: readonly Gap[]): void {
  for (const { customerId, messageId, reason } of gaps) {
    const what =
      reason === 'unreadable'
        ? 'Meta lists it and gives out no more of it'
        : 'Meta no longer lists it: it may have been taken back';
    console.log(`Gap: message ${messageId} of customer ${customerId}: ${what}.`);
  }
}

function failed(error: unknown): never {
  if (error instanceof ReconcilingElsewhereError) {
    throw new CommandFailed('The gateway is reconciling at this moment. Try again in a few minutes.');
  }
  if (error instanceof OutOfTimeError) throw new CommandFailed('Stopped.');
  throw new CommandFailed(`Meta's conversations cannot be read: ${why(error)} "npm run doctor" says why.`);
}
