import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { newOwnChallenge } from '../../shared/account/own-challenge.ts';
import { postWebhook, verifyCallback, type WebhookAnswer } from '../meta-simulator/webhook-sender.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import {
  accountId,
  appSecret,
  dataFile,
  gatewayUrl,
  simulatorUrl,
  unreachable,
  verifyToken,
} from './running-gateway.ts';
import { type DeliveryKind, deliveryKinds, kindsAboutAMessage, testDelivery } from './test-deliveries.ts';

const help = `Posts a signed delivery to a gateway, as Meta would.

  npm run webhook -- --text "Do you ship to Malmö?"
  npm run webhook -- --kind handshake
  npm run webhook -- --file payload.json

  --kind KIND           ${deliveryKinds.join(', ')} or handshake
                        (default message; changes is the App Dashboard's form)
  --text TEXT           the message's text
  --from ID             the customer's id (default 123456789)
  --mid MID             the message's id (default a new one); give it twice to see it stored once
  --account ID          the business's account (default IG_USER_ID, or the running simulator's)
  --file PATH           a delivery of your own as JSON; - reads standard input
  --url URL             the gateway (default the one that "npm run dev" started)
  --app-secret SECRET   signs with it (default APP_SECRET, or the running simulator's)
  --verify-token TOKEN  for the handshake (default WEBHOOK_VERIFY_TOKEN, or the running simulator's)

Settings are read from the environment, then from .env.local.`;

const flags = {
  kind: { type: 'string' },
  text: { type: 'string' },
  from: { type: 'string' },
  mid: { type: 'string' },
  account: { type: 'string' },
  file: { type: 'string' },
  url: { type: 'string' },
  'app-secret': { type: 'string' },
  'verify-token': { type: 'string' },
} as const;

type Values = { readonly [Flag in keyof typeof flags]?: string | undefined };

await runCommand(help, flags, async (values) => {
  if (values.kind !== 'handshake') return deliver(values);
  return shakeHands(gatewayUrl(values.url), verifyToken(values['verify-token']));
});

async function shakeHands(gateway: string, token: string): Promise<0 | 1> {
  const challenge = newOwnChallenge();
  const answer = await reach(gateway, () => verifyCallback(`${gateway}/api/webhook`, token, challenge));
  printAnswer(answer);
  const proven = answer.status === 200 && answer.body === challenge;
  if (proven) console.log('The gateway proved that it knows the verify token.');
  else if (answer.status === 200) console.log(`It answered 200, but not the challenge ${challenge}.`);
  else console.log(nextAfterRefusal(answer.status));
  return proven ? 0 : 1;
}

async function deliver(values: Values): Promise<0 | 1> {
  const { json, reply } = values.file === undefined ? built(values) : fromFile(values);
  const gateway = gatewayUrl(values.url);
  const simulator = simulatorUrl();
  const isOurs = values.file === undefined && values.url === undefined && values['app-secret'] === undefined;
  const answer =
    simulator !== undefined && isOurs
      ? await reach(simulator, () => deliverBySimulator(simulator, json))
      : await reach(gateway, () =>
          postWebhook(`${gateway}/api/webhook`, json, appSecret(values['app-secret'])),
        );
  printAnswer(answer);
  if (answer.status !== 200) {
    console.log(nextAfterRefusal(answer.status));
    return 1;
  }
  const authorization = `-H "Authorization: Bearer $(cat ${dataFile('api-key')})"`;
  console.log(`Read it back:\n  curl ${authorization} ${gateway}/api/get-messages`);
  if (reply) {
    console.log(
      `Answer it:\n  curl -X POST ${gateway}/api/send-message ${authorization} \\\n    -H "Content-Type: application/json" -d ${shellQuoted(reply)}`,
    );
  }
  return 0;
}

/** The simulated Meta signs and sends it, so that it knows whom an answer is for. */
async function deliverBySimulator(simulator: string, json: string): Promise<WebhookAnswer> {
  const response = await fetch(`${simulator}/simulator/deliveries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json,
  });
  const text = await response.text();
  if (!response.ok) throw new CommandFailed(`The simulated Meta did not deliver it: ${text}`);
  const { status } = JSON.parse(text) as { status: number };
  return { status, contentType: '', body: '' };
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

interface Delivery {
  readonly json: string;
  /** The body that answers it, when it is a message. */
  readonly reply?: string;
}

function built({ kind = 'message', text = 'Hello!', from = '123456789', mid, account }: Values): Delivery {
  if (!isDeliveryKind(kind)) {
    throw new WrongUsage(`--kind takes ${deliveryKinds.join(', ')} or handshake, not "${kind}".`);
  }
  if (mid === undefined && kindsAboutAMessage.includes(kind)) {
    throw new WrongUsage(`--kind ${kind} speaks of an earlier message: name it with --mid.`);
  }
  const delivery = {
    accountId: accountId(account),
    customerId: from,
    mid: mid ?? `test_${randomUUID()}`,
    text,
    nowMs: Date.now(),
  };
  const json = JSON.stringify(testDelivery(kind, delivery));
  if (kind !== 'message' && kind !== 'changes') return { json };
  const answer = { recipient_id: from, message: 'Thank you!', reply_to: delivery.mid };
  return { json, reply: JSON.stringify(answer) };
}

function isDeliveryKind(kind: string): kind is DeliveryKind {
  return deliveryKinds.some((known) => known === kind);
}

/** A file goes out as it is, but for the escaping: whoever tests a broken body wants it broken. */
function fromFile({ file = '-', kind, text, from, mid, account }: Values): Delivery {
  if ([kind, text, from, mid, account].some((value) => value !== undefined)) {
    throw new WrongUsage(
      '--file is a whole delivery: it goes without --kind, --text, --from, --mid, --account.',
    );
  }
  try {
    return { json: readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\ufeff/, '') };
  } catch (error) {
    throw new CommandFailed(`Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function reach(gateway: string, call: () => Promise<WebhookAnswer>): Promise<WebhookAnswer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw unreachable(gateway, error);
  }
}

function printAnswer({ status, body }: WebhookAnswer): void {
  console.log(`${status} ${body}`.trimEnd());
}

function nextAfterRefusal(status: number): string {
  switch (status) {
    case 401:
      return 'The gateway does not know the secret this was signed with: compare APP_SECRET on both sides, or give --app-secret.';
    case 403:
      return 'The gateway has another verify token: compare WEBHOOK_VERIFY_TOKEN on both sides, or give --verify-token.';
    case 404:
      return 'There is no webhook at this address: --url takes the address of the gateway without a path.';
    default:
      return status >= 500
        ? 'The gateway could not take it; its answer says why. Meta would deliver it again later.'
        : 'The gateway refused it; its answer says why.';
  }
}
