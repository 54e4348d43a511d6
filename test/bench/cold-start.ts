/**
 * Cold starts: from the spawn of a function's process to its first answer, of the real bundle under AWS's own runtime
 * client, beside a handler that makes the same calls by the same SDK clients and does nothing else, and beside an empty
 * handler. The three take turns, so that what else the machine does is shared.
 *
 *   npm run bench -- --only cold-start
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { functionNames } from '../../functions/routes.ts';
import { type FunctionDefinition, FunctionEnvironment } from '../../infra/local/function-environment.ts';
import { bundleBaseline } from './baseline-function.ts';
import { startBenchGateway } from './bench-gateway.ts';
import { bounded, type Figure, median, progress, ratio, report, short } from './figures.ts';
import { firstEventOf } from './first-events.ts';
import { functionDefinitions } from './function-definitions.ts';
import { recordCalls } from './recorded-calls.ts';

const rounds = 15;
const mostOfSameCalls = 1.15;
const mostOfEmpty = (name: string) => (name === 'receive-webhook' ? 2 : 2.6);
/** Meta allows two calls of the Conversations API a second, and the calls alone are made without waiting for a turn. */
const pauseMs = 1_100;
const maxKilobytes = (name: string) => (name === 'receive-webhook' ? 300 : 500);

const gateway = await startBenchGateway();
gateway.meta.customers.add({ id: '1234567890', username: 'customer' });
gateway.meta.customers.write('1234567890', { text: 'Do you ship to Malmö?' });
const { dynamodb, sqs, sns, secretsManager } = gateway.endpoints;
const recorder = await recordCalls({
  dynamodb,
  sqs,
  sns,
  secretsManager,
  graph: gateway.meta.url,
});
const address = (service: string) => recorder.addressOf[service] ?? '';
// What is queued is nobody's: the gateway's own functions stay idle.
const nobodys = (sqsUrl: string) => {
  const url = gateway.queueUrl('EventsDeadLetter').replace(sqs, sqsUrl);
  return { EVENTS_QUEUE_URL: url, SENDS_QUEUE_URL: url, RECONCILE_QUEUE_URL: url };
};
const plain = await functionDefinitions(gateway, nobodys(sqs));
const recorded = await functionDefinitions(gateway, {
  ...nobodys(address('sqs')),
  AWS_ENDPOINT_URL_DYNAMODB: address('dynamodb'),
  AWS_ENDPOINT_URL_SQS: address('sqs'),
  AWS_ENDPOINT_URL_SNS: address('sns'),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: address('secretsManager'),
  GRAPH_API_BASE_URL: address('graph'),
});
const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
const emptyFolder = join(folder, 'empty');
mkdirSync(emptyFolder);
writeFileSync(join(emptyFolder, 'index.mjs'), 'export const handler = async () => ({ statusCode: 200 });\n');

const figures: Figure[] = [];
for (const name of functionNames) {
  const definition = plain.get(name);
  const spied = recorded.get(name);
  if (!definition || !spied) throw new Error(`The stack has no function ${name}`);
  await coldStart(spied, name);
  const calls = recorder.take();
  const baseline = { ...definition, folder: await bundleBaseline(folder, name, calls) };
  const callsMeta = calls.some(({ to }) => to === 'graph');
  const took = { ours: [] as number[], sameCalls: [] as number[], empty: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    progress(`${name} ${round + 1} of ${rounds}`);
    if (callsMeta) await delay(pauseMs);
    took.ours.push(await coldStart(definition, name));
    if (callsMeta) await delay(pauseMs);
    took.sameCalls.push(await coldStart(baseline, name));
    took.empty.push(await coldStart({ ...definition, folder: emptyFolder }, name));
  }
  const [ours, sameCalls, empty] = [median(took.ours), median(took.sameCalls), median(took.empty)];
  const kilobytes = statSync(join(definition.folder, 'index.mjs')).size / 1000;
  if (calls.length > 0) {
    const what = `${name}: its first answer beside the same ${calls.length} calls alone`;
    figures.push(ratio(what, ours, sameCalls, mostOfSameCalls));
  }
  figures.push(ratio(`${name}: beside an empty handler`, ours, empty, mostOfEmpty(name)));
  figures.push(
    bounded(
      `${name}: bundle`,
      kilobytes,
      { most: maxKilobytes(name) },
      'KB',
      `${short(statSync(join(baseline.folder, 'index.mjs')).size / 1000)} KB of the SDK alone`,
    ),
  );
}
progress('');
await recorder.stop();
await gateway.stop();
rmSync(folder, { recursive: true, force: true });
report(figures);

/** From the spawn to the answer, in ms. */
async function coldStart(definition: FunctionDefinition, name: string): Promise<number> {
  const event = JSON.stringify(firstEventOf(name, gateway.apiKey));
  const startedAtMs = performance.now();
  const environment = new FunctionEnvironment(definition, () => {});
  try {
    const answer = JSON.parse(await environment.invoke(event)) as { statusCode?: number } | null;
    const tookMs = performance.now() - startedAtMs;
    const status = answer?.statusCode ?? 200;
    // Nothing is sent under the id that is asked for.
    if (status >= 400 && status !== 404) throw new Error(`${name} answered ${JSON.stringify(answer)}`);
    return tookMs;
  } catch (error) {
    throw new Error(`${name} gave no first answer`, { cause: error });
  } finally {
    environment.stop();
  }
}
