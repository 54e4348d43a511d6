import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { forwardSecret } from '../../functions/forward-events/signing-secrets.ts';
import { localClient } from '../local/local-client.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { why } from './doctor/gateway-seen.ts';
import { runningGateway } from './running-gateway.ts';
import { deployedStack } from './stack-outputs.ts';

const help = `Makes and changes the secret that forwarded events are signed with (docs/extend.md).

  npm run forward-secret                 whether there is one
  npm run forward-secret -- --new        makes one, and shows it this once; the one before stays in use beside it
  npm run forward-secret -- --drop-old   ends the one before, once your endpoint knows the new one

  --stage STAGE    of the gateway deployed with this stage, "default" for the first (default: the one that
                   "npm run dev" runs on this machine)

The functions see a change within five minutes. While two are in use each event has a signature of both, and your endpoint
may know either. Until there is one, events wait, for a day.`;

const flags = {
  new: { type: 'boolean' },
  'drop-old': { type: 'boolean' },
  stage: { type: 'string' },
} as const;

const secretBytes = 32;
const notForwarding =
  'forwards no events. Set FORWARD_EVENTS_URL, then start it again (on AWS: npm run deploy).';

await runCommand(help, flags, async ({ new: isNew = false, 'drop-old': dropsOld = false, stage }) => {
  if (isNew && dropsOld) throw new WrongUsage('--new and --drop-old are two steps: give one of them.');
  const { client, id } = stage === undefined ? secretHere() : await secretOnAws(stage);
  const held = await read(client, id);
  if (isNew) {
    if (held.length > 1)
      throw new CommandFailed('Two are in use already: end the old one first by --drop-old.');
    const made = `whsec_${randomBytes(secretBytes).toString('base64')}`;
    await write(client, id, [made, ...held]);
    console.log(`Give it to your endpoint; it is not shown again:\n\n  ${made}\n`);
    if (held.length > 0) console.log('The one before stays in use beside it, until --drop-old.');
    return 0;
  }
  if (dropsOld) {
    const [newest, old] = held;
    if (!newest || !old) throw new CommandFailed('There is no old one beside the one in use.');
    await write(client, id, [newest]);
    console.log('Events are signed with the new one alone, within five minutes.');
    return 0;
  }
  const said = [
    'There is none yet: make one by --new.',
    'One is in use.',
    'Two are in use: a new one and the one before.',
  ];
  console.log(said[held.length]);
  return held.length === 0 ? 3 : 0;
});

function secretHere() {
  const { secrets = {}, endpoints } = runningGateway('or name a deployed one with: --stage default');
  const [, id] = Object.entries(secrets).find(([logicalId]) => logicalId.includes('ForwardSecret')) ?? [];
  if (!id || !endpoints.secretsManager) throw new CommandFailed(`This gateway ${notForwarding}`);
  return { client: new SecretsManagerClient(localClient(endpoints.secretsManager)), id };
}

async function secretOnAws(stage: string) {
  const stack = await deployedStack(stage);
  const client = new SecretsManagerClient({ ...stack.where, maxAttempts: 2 });
  try {
    return { client, id: stack.output('ForwardSecretArn') };
  } catch {
    throw new CommandFailed(`The stack ${stack.name} ${notForwarding}`);
  }
}

/** Newest first; none before the first was made. */
async function read(client: SecretsManagerClient, id: string): Promise<readonly string[]> {
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return forwardSecret.parse(JSON.parse(SecretString)).secrets;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
    // Its value must not be shown: a parser's message may quote it.
    if (error instanceof SyntaxError || (error instanceof Error && error.name.includes('Zod'))) {
      throw new CommandFailed(
        'The secret holds a value that is none of ours. Remove it in Secrets Manager first.',
      );
    }
    throw new CommandFailed(`The secret cannot be read: ${why(error)}`);
  }
}

async function write(client: SecretsManagerClient, id: string, secrets: readonly string[]): Promise<void> {
  try {
    await client.send(new PutSecretValueCommand({ SecretId: id, SecretString: JSON.stringify({ secrets }) }));
  } catch (error) {
    throw new CommandFailed(`The secret cannot be written: ${why(error)}`);
  }
}
