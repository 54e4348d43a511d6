import { resolve } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { healthStore } from '../../../shared/account/health-store.ts';
import { queueDepths } from '../../../shared/account/queue-depths.ts';
import { settings } from '../../../shared/runtime/environment.ts';
import { type SettingValues, settingsFrom } from '../../local/configuration.ts';
import { localClient } from '../../local/local-client.ts';
import { CommandFailed } from '../command.ts';
import { tableHere } from '../gateway-table.ts';
import { findRunningGateway, type RunningGateway } from '../running-gateway.ts';
import { configuredHere } from './configured-here.ts';
import { type GatewaySeen, reading } from './gateway-seen.ts';
import { parseConnection } from './parse-connection.ts';

const timeoutMs = 5_000;
const answersWithinMs = 2_000;

/** The gateway that runs on this machine or, when none does, what is configured for one. */
export async function gatewayHere(): Promise<GatewaySeen> {
  const values = settingsFrom(process.env, resolve('.env.local'));
  const running = findRunningGateway();
  return running && (await answers(running.url)) ? seenRunning(running, values) : seenStopped(values);
}

/** After a kill the file of a gateway that runs no more is still there. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(answersWithinMs) })).ok;
  } catch {
    return false;
  }
}

function seenStopped(values: SettingValues): GatewaySeen {
  const { GRAPH_API_BASE_URL: graphUrl, PUBLIC_URL: publicUrl } = values;
  return {
    place: 'this machine, where no gateway runs',
    ...(graphUrl && { graphUrl }),
    ...(publicUrl && { publicUrl }),
    input: { ...configuredHere(values), observed: {}, graphVersion: versionOf(values) },
    findings: [],
    unchecked: [
      {
        check: 'what was received, and whether it was stored',
        why: 'No gateway runs on this machine: start it with "npm run dev".',
      },
    ],
  };
}

async function seenRunning(running: RunningGateway, values: SettingValues): Promise<GatewaySeen> {
  const { url, simulatorUrl, graphUrl } = running;
  const table = tableHere();
  const health = healthStore(table.client, table.name);
  const [connection, observed, queues] = await Promise.all([
    readConnection(running),
    reading('what was received', () => health.observations()),
    reading('whether all events were stored', () => readQueues(running)),
  ]);
  const publicUrl = values.PUBLIC_URL ?? (simulatorUrl ? url : undefined);
  return {
    place: `this machine (${url})`,
    ...(graphUrl && { graphUrl }),
    ...(simulatorUrl && { isSimulated: true }),
    ...(publicUrl && { publicUrl }),
    table,
    input: {
      connection,
      observed: observed.value ?? {},
      ...(queues.value && { queues: queues.value }),
      graphVersion: versionOf(values),
    },
    findings: [],
    unchecked: [...observed.unchecked, ...queues.unchecked],
  };
}

/** Of the gateway itself: what it runs with counts, not what was written since. */
async function readConnection({ secrets = {}, endpoints }: RunningGateway) {
  const client = new SecretsManagerClient({
    ...localClient(endpoints.secretsManager ?? ''),
    maxAttempts: 1,
  });
  const read = async (logicalIdPart: string): Promise<string | undefined> => {
    const arn = Object.entries(secrets).find(([id]) => id.includes(logicalIdPart))?.[1];
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
      throw new CommandFailed(
        `The secrets of the running gateway cannot be read (${error instanceof Error ? error.message : String(error)}). Start it again: npm run dev`,
      );
    }
  };
  return parseConnection(await read('WebhookSecret'), await read('GraphSecret'));
}

function readQueues({ queues = {}, endpoints }: RunningGateway) {
  const all = Object.entries(queues);
  const deadLetters = all.find(([id]) => id.startsWith('EventsDeadLetterQueue'))?.[1];
  const events = all.find(([id]) => id.startsWith('EventsQueue'))?.[1];
  if (!events || !deadLetters || !endpoints.sqs)
    throw new Error('The running gateway does not tell its queues');
  const client = new SQSClient({ ...localClient(endpoints.sqs), maxAttempts: 1 });
  return queueDepths(client, { events, deadLetters }, AbortSignal.timeout(timeoutMs));
}

function versionOf(values: SettingValues): string {
  return values.GRAPH_API_VERSION ?? settings.GRAPH_API_VERSION.default;
}
