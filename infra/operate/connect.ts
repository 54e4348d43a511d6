import { randomBytes } from 'node:crypto';
import { settings } from '../../shared/runtime/environment.ts';
import { type SettingValues, settingsFrom } from '../local/configuration.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import type { Connection, ReachedAccount } from './connect/connection.ts';
import { tunnelSteps } from './connect/dashboard-steps.ts';
import { finalCheck } from './connect/final-check.ts';
import { followUp } from './connect/follow-up.ts';
import { givenSettings } from './connect/given-settings.ts';
import { readInputs } from './connect/inputs.ts';
import { parsePublicUrl } from './connect/public-url.ts';
import { askAt, type Questions } from './connect/questions.ts';
import { reachAccount } from './connect/reach-account.ts';
import { envFile } from './connect/save-here.ts';
import { type Speaker, speaker } from './connect/speaker.ts';
import { subscribe } from './connect/subscribe.ts';
import { targetHere, targetOnAws } from './connect/target.ts';
import { findRunningGateway } from './running-gateway.ts';

const help = `Connects a gateway to an Instagram account: checks app and token at Meta, finds the ids, stores the secrets,
subscribes the account to its webhooks, and waits for a first message.

  npm run connect                                  asks for what is missing
  npm run connect -- --public-url https://…        goes on to a first message through a tunnel
  npm run connect -- --stage default               connects the gateway on AWS

  --login LOGIN         instagram (recommended for your own shop: it needs no Facebook Page) or facebook
  --app-id ID           the app's id; of several, separated by commas, the n-th belongs to the n-th secret
  --app-secret SECRET   the app's secret
  --token TOKEN         Facebook login: a User token (the Page token is made from it) or a Page token.
                        Instagram login: an Instagram User token. A short-lived one is exchanged
  --page ID             the Page that is meant, when a User token sees several
  --verify-token TOKEN  for Meta's handshake (default the one that is stored, else one is made)
  --public-url URL      the https address under which Meta reaches this machine (PUBLIC_URL)
  --stage STAGE         the gateway deployed with this stage, "default" for the first
                        (default: the one of this machine, whose settings are in ${envFile})
  --wait SECONDS        how long to wait for Meta's handshake and a first message; 0 does not wait
                        (default 900, and 0 when messages have come before)
  --yes                 replaces another account that is connected already, without asking
  --help                this text

What is not given is taken from the environment (INSTAGRAM_LOGIN, APP_ID, APP_SECRET, PAGE_ACCESS_TOKEN,
WEBHOOK_VERIFY_TOKEN), then from what is stored, and is asked for in a terminal. A secret given as a flag stays
in the shell's history: rather let it be asked for, or set it in the environment.

It can be run again at any time: what is there already stays. Ends with 0 when the gateway is connected and, if
it waited, a message came; with 1 when something is missing or wrong; with 2 for a wrong command line.`;

const flags = {
  login: { type: 'string' },
  'app-id': { type: 'string' },
  'app-secret': { type: 'string' },
  token: { type: 'string' },
  page: { type: 'string' },
  'verify-token': { type: 'string' },
  'public-url': { type: 'string' },
  stage: { type: 'string' },
  wait: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

interface Options extends Partial<Record<Exclude<keyof typeof flags, 'yes'>, string>> {
  readonly yes: boolean;
}

await runCommand(help, flags, async (values) => {
  const { stdin, stdout } = process;
  const questions = stdin.isTTY && stdout.isTTY ? askAt(stdin, stdout) : undefined;
  const speaking = speaker();
  try {
    return await connect(values, speaking, questions);
  } catch (error) {
    throw speaking.redact(error);
  } finally {
    questions?.close();
  }
});

async function connect(
  options: Options,
  speaking: Speaker,
  questions: Questions | undefined,
): Promise<0 | 1> {
  const waitSeconds = options.wait === undefined ? undefined : parseSeconds(options.wait);
  if (options.login !== undefined && !/^(facebook|instagram)$/.test(options.login)) {
    throw new WrongUsage(`--login takes facebook or instagram, not "${options.login}".`);
  }
  const givenUrl = options['public-url'];
  if (givenUrl !== undefined && options.stage !== undefined) {
    throw new WrongUsage('--public-url is for this machine: a deployed gateway has an address of its own.');
  }
  const asked = givenUrl === undefined ? undefined : parsePublicUrl(givenUrl);

  const environment = settingsFrom(process.env, '');
  const fromFile = settingsFrom({}, envFile);
  const target = options.stage === undefined ? targetHere(fromFile) : await targetOnAws(options.stage);
  const given = givenSettings(options, environment, target.stored, fromFile);
  // The file belongs to this machine: its stand-in for Meta must not judge a deployed gateway.
  const graphVersion = useGraph(options.stage === undefined ? given : environment);

  const account = await reachAccount(readInputs(given, questions), options.page, speaking, questions);
  await confirmAccount(account, target.stored.IG_USER_ID, options.yes, speaking, questions);
  const connection: Connection = {
    ...account,
    verifyToken: given.WEBHOOK_VERIFY_TOKEN ?? randomBytes(16).toString('hex'),
  };
  questions?.close();
  const saved = await target.save(connection, speaking);
  const hasSubscribed = await subscribe(connection, speaking);
  if (!saved.hasChanged && !hasSubscribed) speaking.tell('Nothing has changed: it was connected like this');

  const storedUrl = options.stage === undefined ? given.PUBLIC_URL : undefined;
  const publicUrl = asked ?? target.publicUrl ?? (storedUrl && parsePublicUrl(storedUrl));
  const isMeant = asked !== undefined || waitSeconds !== undefined;
  if (publicUrl === undefined || (saved.isRunning !== true && !isMeant)) {
    if (saved.isRunning !== true) speaking.warn(saved.isRunning);
    const isFine = await finalCheck(connection, { observed: {} }, graphVersion, speaking);
    if (publicUrl === undefined) speaking.say(tunnelSteps(gatewayPort(given)));
    return isFine ? 0 : 1;
  }
  const wait = isMeant ? (waitSeconds ?? 900) : undefined;
  const noticed = await followUp({
    connection,
    target,
    saved,
    publicUrl,
    waitSeconds: wait,
    speaker: speaking,
  });
  return (await finalCheck(connection, noticed, graphVersion, speaking)) ? 0 : 1;
}

/** The shared Graph client reads the environment, as in a function. */
function useGraph({ GRAPH_API_VERSION, GRAPH_API_BASE_URL }: SettingValues): string {
  const version = GRAPH_API_VERSION ?? settings.GRAPH_API_VERSION.default;
  process.env.GRAPH_API_VERSION = version;
  if (GRAPH_API_BASE_URL !== undefined) process.env.GRAPH_API_BASE_URL = GRAPH_API_BASE_URL;
  return version;
}

/** Conversations of another account stay in the table: nobody should change accounts by mistake. */
async function confirmAccount(
  { igUserId, mistakenId }: ReachedAccount,
  storedId: string | undefined,
  isAgreed: boolean,
  { warn }: Speaker,
  questions: Questions | undefined,
): Promise<void> {
  if (storedId === undefined || storedId === igUserId || isAgreed) return;
  if (storedId === mistakenId) {
    warn(`IG_USER_ID was ${storedId}, which is another number for it: it becomes ${igUserId}`);
    return;
  }
  const what = `The account ${storedId} is connected here, and this token is of the account ${igUserId}.`;
  if (await questions?.confirm(`${what} Replace it?`)) return;
  throw new CommandFailed(`${what} Nothing was changed.\nTo replace it, run this again with --yes.`);
}

function gatewayPort(given: SettingValues): string {
  const running = findRunningGateway();
  return (running && new URL(running.url).port) ?? given.PORT ?? settings.PORT.default;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0) return seconds;
  throw new WrongUsage(`--wait takes a number of seconds, not "${text}".`);
}
