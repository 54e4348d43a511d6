import { CommandFailed, runCommand, WrongUsage } from '../operate/command.ts';
import { appFrom, madeUp } from './simulate-apps.ts';
import { startMeta } from './start-meta.ts';

const help = `Runs the simulated Meta alone, for a gateway of your own: npm run simulator -- [options]

  --port PORT           its port (SIMULATOR_PORT, 3001); 0 is a free one
  --callback-url URL    the gateway's webhook, path included; the page can set it too
  --login LOGIN         facebook (default) or instagram (INSTAGRAM_LOGIN)
  --seed TEXT           the same seed and the same calls give the same deliveries
  --empty               nobody has written yet
  --account ID          the business's account (IG_USER_ID)
  --token TOKEN         the access token it takes (PAGE_ACCESS_TOKEN)
  --app-secret SECRET   signs its deliveries (APP_SECRET); with Instagram login the Instagram app's, and
                        after a comma the Meta app's
  --app-id ID           the app's id, in the order of the secrets (APP_ID)
  --verify-token TOKEN  for the handshake (WEBHOOK_VERIFY_TOKEN)
  --help                this text

Credentials that are not given are made up. It prints the lines for the gateway's .env.local, and ends with
Ctrl-C.`;

const flags = {
  port: { type: 'string' },
  'callback-url': { type: 'string' },
  login: { type: 'string' },
  seed: { type: 'string' },
  empty: { type: 'boolean' },
  account: { type: 'string' },
  token: { type: 'string' },
  'app-secret': { type: 'string' },
  'app-id': { type: 'string' },
  'verify-token': { type: 'string' },
} as const;

await runCommand(help, flags, async (given) => {
  const { env } = process;
  const port = portOf(given.port ?? (env.SIMULATOR_PORT || '3001'));
  const login = loginOf(given.login ?? (env.INSTAGRAM_LOGIN || 'facebook'));
  const callbackUrl = given['callback-url'];
  if (callbackUrl !== undefined && !/^https?:$/.test(URL.parse(callbackUrl)?.protocol ?? '')) {
    throw new WrongUsage(
      `--callback-url takes an address like http://localhost:3000/api/webhook, not "${callbackUrl}".`,
    );
  }
  const accessToken = (given.token ?? env.PAGE_ACCESS_TOKEN) || undefined;
  const verifyToken = (given['verify-token'] ?? env.WEBHOOK_VERIFY_TOKEN) || undefined;
  const secret = (given['app-secret'] ?? env.APP_SECRET) || undefined;
  const account = {
    id: (given.account ?? env.IG_USER_ID) || '17841400000000001',
    username: 'your_business',
    accessToken: accessToken ?? `${login === 'facebook' ? 'EAAP' : 'IGAA'}${madeUp()}`,
  };
  const app = {
    ...appFrom(login, given['app-id'] ?? env.APP_ID, secret),
    verifyToken: verifyToken ?? madeUp(),
  };

  const stopped = untilStopped();
  const meta = await startMeta({
    port,
    login,
    account,
    app,
    isEmpty: given.empty === true,
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    ...(given.seed === undefined ? {} : { seed: given.seed }),
  }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new CommandFailed(`Port ${port} is in use: stop what uses it, or choose another one with --port.`);
  });

  const { client, metaApp, tokens } = meta.world.state;
  const apps = [...new Set([client, metaApp])].slice(0, secret?.split(',').length);
  const shortLived = tokens.issueShortLived(login === 'facebook' ? 'user' : 'instagram');
  // Only what was made up here is shown: the rest is the owner's, and may be real.
  const settings = {
    PAGE_ACCESS_TOKEN: accessToken === undefined ? account.accessToken : undefined,
    IG_USER_ID: account.id,
    WEBHOOK_VERIFY_TOKEN: verifyToken === undefined ? app.verifyToken : undefined,
    APP_ID: apps.map(({ id }) => id).join(','),
    APP_SECRET: secret === undefined ? apps.map((each) => each.secret).join(',') : undefined,
    INSTAGRAM_LOGIN: login,
    GRAPH_API_BASE_URL: meta.url,
  };
  console.log(
    [
      '',
      `  Customer's phone  ${meta.url}/`,
      `  Graph calls       ${meta.url}`,
      `  Webhook           ${callbackUrl ?? 'none yet: set it on the page, or with --callback-url'}`,
      '',
      "For the gateway's .env.local:",
      ...Object.entries(settings).map(([name, value]) =>
        value === undefined ? `  # ${name}: as you gave it` : `  ${name}=${value}`,
      ),
      '',
      login === 'facebook'
        ? 'A User token, good for an hour, as the Graph API Explorer gives it, for npm run connect:'
        : 'An Instagram token, good for an hour, as a login gives it, for npm run connect:',
      `  ${shortLived.value}`,
      '',
      'Ctrl-C ends it; nothing is kept.',
      '',
    ].join('\n'),
  );
  await stopped;
  await meta.stop();
  return 0;
});

/** Resolves at the first Ctrl-C; a second one does not wait for what is under way. */
function untilStopped(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let wasAsked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (wasAsked) process.exit(1);
      wasAsked = true;
      resolve();
    });
  }
  return promise;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new WrongUsage(`--port takes a number up to 65535, not "${text}".`);
  }
  return port;
}

function loginOf(text: string): 'facebook' | 'instagram' {
  if (text === 'facebook' || text === 'instagram') return text;
  throw new WrongUsage(`--login takes facebook or instagram, not "${text}".`);
}
