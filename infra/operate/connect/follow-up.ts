import { healthStore, type Observations } from '../../../shared/account/health-store.ts';
import { callbackUrlAt } from '../../../shared/account/probe-callback.ts';
import { readAppSubscriptions } from '../../../shared/account/read-subscription.ts';
import { at } from '../../../shared/account/words.ts';
import { conversationReader } from '../../../shared/conversations/conversation-reader.ts';
import { CommandFailed } from '../command.ts';
import { checkCallback } from './check-callback.ts';
import { type Connection, callerOf, graphTimeoutMs } from './connection.ts';
import { dashboardSteps } from './dashboard-steps.ts';
import type { Noticed } from './final-check.ts';
import type { Speaker } from './speaker.ts';
import type { Saved, Target } from './target.ts';
import { incomingSoFar, type Waiting, waitForHandshake, waitForMessage } from './wait-for-meta.ts';
import { whoWrote } from './who-wrote.ts';

export interface FollowUp {
  readonly connection: Connection;
  readonly target: Target;
  readonly saved: Saved;
  /** Without the webhook's path. */
  readonly publicUrl: string;
  /** 0: not at all; absent: only when nothing was ever delivered. */
  readonly waitSeconds: number | undefined;
  readonly speaker: Speaker;
}

const usualWaitSeconds = 15 * 60;

/**
 * From a connected gateway to a first message: its public address, Meta's handshake, the message.
 * @returns what was found for the final check.
 * @throws CommandFailed when something is in the way, or nothing came in time.
 */
export async function followUp(options: FollowUp): Promise<Noticed> {
  const { connection, target, saved, publicUrl, speaker } = options;
  if (saved.isRunning !== true) {
    throw new CommandFailed(`${saved.isRunning}\nThen: ${goOn(options)}`);
  }
  const callbackUrl = callbackUrlAt(publicUrl);
  const { client, name, place } = target.table();
  const health = healthStore(client, name);
  // A first look that fails says why in words of this command, whatever is looked for later.
  await health.observations().catch((error: unknown) => {
    const why = error instanceof Error ? error.message || error.name : String(error);
    throw new CommandFailed(`What the gateway noticed cannot be read from the table of ${place}: ${why}`);
  });
  const conversations = conversationReader(client, name);

  const observed = await checkCallback(callbackUrl, connection.verifyToken, health);
  speaker.tell(`${callbackUrl} leads to this gateway`);
  target.savePublicUrl(publicUrl, speaker);
  const delivers = await deliversTo(connection);
  const { deliveryAtMs } = observed;
  // Where Meta does not tell it, what came says that the dashboard's steps are done.
  const isDone = delivers === undefined && deliveryAtMs !== undefined && options.waitSeconds === undefined;
  if (delivers === callbackUrl) speaker.tell('Meta delivers to this address already');
  else if (!isDone) {
    if (delivers !== undefined) {
      speaker.warn(`The app delivers to ${delivers} now. Setting this address ends delivery there.`);
    }
    speaker.say(dashboardSteps(connection, callbackUrl));
  }

  const { waitSeconds = deliveryAtMs === undefined ? usualWaitSeconds : 0 } = options;
  if (waitSeconds === 0) {
    if (deliveryAtMs !== undefined) speaker.tell(`Deliveries have come, the last at ${at(deliveryAtMs)}`);
    return { observed, callbackUrl };
  }
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const waiting: Waiting = {
      health,
      conversations,
      pollMs: target.pollMs,
      deadlineMs: performance.now() + waitSeconds * 1000,
      stopped: stopping.signal,
      say: (line) => speaker.say(`  ${line}`),
    };
    await waitForBoth(options, waiting, delivers === callbackUrl, observed);
    return { observed: await health.observations(), callbackUrl };
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

async function waitForBoth(
  options: FollowUp,
  waiting: Waiting,
  isSetUp: boolean,
  before: Observations,
): Promise<void> {
  const { connection, speaker } = options;
  const incoming = await incomingSoFar(waiting.conversations);
  if (!isSetUp) {
    speaker.say("Waiting for Meta's handshake (Ctrl-C ends it) …");
    const came = await waitForHandshake(waiting, before);
    if (came === 'stopped' || came === 'too_late') throw unfinished(options, came, 'No handshake came');
    speaker.tell(came === 'handshake' ? "Meta's handshake came" : 'A delivery came: Meta has this address');
  }
  const account = connection.username === undefined ? connection.igUserId : `@${connection.username}`;
  speaker.say(`Now write a message to ${account} from another Instagram account. Waiting for it …`);
  const wrote = await waitForMessage(waiting, incoming);
  if (wrote === 'stopped' || wrote === 'too_late') throw unfinished(options, wrote, 'No message came');
  speaker.tell(
    `The first message arrived. It is from ${await whoWrote(callerOf(connection), wrote.customerId)}`,
  );
  if (wrote.accountId !== connection.igUserId) {
    speaker.warn(`It is for the account ${wrote.accountId}, and connected is ${connection.igUserId}.`);
  }
}

function unfinished(options: FollowUp, how: 'stopped' | 'too_late', what: string): CommandFailed {
  const stored = `Everything so far is stored. Go on with: ${goOn(options)}`;
  return new CommandFailed(
    how === 'stopped'
      ? `Stopped waiting. ${stored}`
      : `${what} in time. See what is wrong with: npm run doctor\n${stored}`,
  );
}

function goOn({ target, publicUrl }: FollowUp): string {
  return `npm run connect -- ${target.flag || `--public-url ${publicUrl}`}`;
}

/** Where Meta delivers Instagram's webhooks of the app to, as far as it tells. */
async function deliversTo({ apps }: Connection): Promise<string | undefined> {
  for (const { id, secret } of apps) {
    const reading = await readAppSubscriptions({ app_id: id, app_secret: secret }, graphTimeoutMs);
    const instagram = reading.ok ? reading.value.find(({ object }) => object === 'instagram') : undefined;
    if (instagram?.callbackUrl !== undefined) return instagram.callbackUrl;
  }
  return undefined;
}
