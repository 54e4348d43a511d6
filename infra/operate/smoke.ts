import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { StepFailed } from './gateway-client.ts';
import { accountId, apiKey, appSecret, gatewayUrl, verifyToken } from './running-gateway.ts';
import { journey, type Step } from './smoke-journey.ts';

const help = `Makes the README's journey against a running gateway, here or deployed: handshake, signed deliveries,
reading them back, a reply. Its messages come from customer 12334, whom nobody is.

  npm run smoke
  npm run smoke -- --url https://gateway.example.com --key KEY

  --url URL             the gateway (default the one that "npm run dev" started)
  --key KEY             an API key that may read and send (default API_KEY, or the local gateway's)
  --app-secret SECRET   signs the deliveries (default APP_SECRET, or the running simulator's)
  --verify-token TOKEN  for the handshake (default WEBHOOK_VERIFY_TOKEN, or the running simulator's)
  --account ID          the business's account (default IG_USER_ID, or the running simulator's)
  --recipient ID        sends to this real customer, who must have written within 24 hours. Without it the
                        reply goes to customer 12334, and Meta's refusal passes too
  --timeout SECONDS     how long a delivery may take to be readable (default 20)

Ends with 0 when every step passed.`;

const flags = {
  url: { type: 'string' },
  key: { type: 'string' },
  'app-secret': { type: 'string' },
  'verify-token': { type: 'string' },
  account: { type: 'string' },
  recipient: { type: 'string' },
  timeout: { type: 'string', default: '20' },
} as const;

await runCommand(help, flags, async (values) => {
  const steps = journey({
    url: gatewayUrl(values.url),
    key: apiKey(values.key),
    appSecret: appSecret(values['app-secret']),
    verifyToken: verifyToken(values['verify-token']),
    accountId: accountId(values.account),
    recipientId: values.recipient,
    waitMs: parseSeconds(values.timeout) * 1000,
  });
  let passed = 0;
  let failed = 0;
  for (const step of steps) {
    const startedMs = performance.now();
    const { remark, failure, goOn } = await outcomeOf(step);
    const told = failure ?? remark;
    const ms = Math.round(performance.now() - startedMs);
    console.log(`${failure ? '✗' : '✓'} ${step.name} (${ms} ms)${told ? `: ${told}` : ''}`);
    if (failure) failed += 1;
    else passed += 1;
    if (!goOn) break;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});

interface Outcome {
  readonly remark?: string | undefined;
  readonly failure?: string;
  /** False where nobody answers: the steps after it would only say so again. */
  readonly goOn: boolean;
}

async function outcomeOf(step: Step): Promise<Outcome> {
  try {
    return { remark: await step.run(), goOn: true };
  } catch (error) {
    if (error instanceof StepFailed) return { failure: error.message, goOn: true };
    if (error instanceof CommandFailed) return { failure: error.message, goOn: false };
    throw error;
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new WrongUsage(`--timeout takes a number of seconds, not "${text}".`);
  return seconds;
}
