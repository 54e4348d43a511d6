import { rmSync } from 'node:fs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { deployBuckets } from './buckets.ts';
import { type Configuration, readConfiguration, type SettingValues } from './configuration.ts';
import { connectionSecrets, simulatorCredentials } from './connection.ts';
import { openDataFolder } from './data-folder.ts';
import { type Deployment, functionDefinition, ofType, readDeployment } from './deployment.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { registerFirstKey } from './first-key.ts';
import type { WriteLine } from './function-environment.ts';
import { createFunctionHost } from './function-host.ts';
import { createHttpApi } from './http-api.ts';
import type { HttpRoute } from './http-routes.ts';
import { arn, type Endpoints, localCredentials, queueUrl, region, secretArn } from './identities.ts';
import { localClient } from './local-client.ts';
import type { LocalFunction } from './local-function.ts';
import { requestLine } from './log-lines.ts';
import { consoleQueue, writeMessageLines } from './message-lines.ts';
import { createObjectStore, type ObjectStore } from './object-store.ts';
import { type ReloadOptions, watchSources } from './reload.ts';
import { close, listen } from './servers.ts';
import { startSimulator } from './simulator.ts';
import { synthesise } from './synthesise.ts';

export interface GatewayOptions {
  /** A template file; absent: the product's own, synthesised when a source changed. */
  readonly template?: string;
  /** As the environment would give them; what is absent has its default. */
  readonly settings?: SettingValues;
  /** Each line for the console. */
  readonly log?: WriteLine;
  /** Rebuilds and reloads functions when a source changes. */
  readonly reload?: ReloadOptions;
  /** Puts another address before SQS, for functions alone: given the emulator's, gives the one they shall use. */
  readonly sqsProxy?: (sqsUrl: string) => Promise<string>;
  /** Overrides the queues' own, so that a test need not wait minutes for a second try. */
  readonly visibilityTimeoutSeconds?: number;
  /** Overrides the schedules' own period, so that a test need not wait an hour for a call. */
  readonly schedulePeriodMs?: number;
}

export interface Gateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly apiKey: string;
  readonly dataDir: string;
  readonly configuration: Configuration;
  /** Where Graph calls go; absent: Meta's own host. */
  readonly graphUrl?: string;
  /** The page on which one writes as a customer; absent: Meta is not simulated. */
  readonly phoneUrl?: string;
  /** The emulators' own, without the proxy. */
  readonly endpoints: Endpoints;
  readonly tableName: string;
  /** The URL of the one queue whose logical id contains this text. */
  queueUrl(logicalIdPart: string): string;
  stop(): Promise<void>;
}

const answerGraceMs = 3000;

/**
 * Runs the gateway on this machine until `stop`. Throws ConfigurationError, DataFolderError, PortInUseError,
 * TemplateError, TableChangedError or SynthesisError, each with a message for the owner; nothing runs on then.
 */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await start(options, (closer) => closers.push(closer))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: GatewayOptions,
  onStop: (closer: () => Promise<void> | void) => void,
): Promise<Omit<Gateway, 'stop'>> {
  const { log: writeLine = () => {} } = options;
  const configuration = readConfiguration(options.settings ?? {});
  const dataFolder = openDataFolder(configuration.dataDir);
  onStop(() => dataFolder.release());

  // The port first: it is quickly said when it is taken. Requests wait for the routes.
  const routes = Promise.withResolvers<readonly HttpRoute<LocalFunction>[]>();
  let objects: ObjectStore | undefined;
  const server = createHttpApi({
    routes: routes.promise,
    objects: () => objects,
    onRequest: (line) => writeLine(requestLine(line)),
  });
  const url = `http://127.0.0.1:${await listen(server, configuration.port, 'PORT')}`;
  onStop(() => close(server));

  const [templateFile, emulators] = await Promise.all([
    options.template ?? synthesise(configuration.extensions),
    startEmulators(dataFolder),
  ]);
  onStop(() => emulators.stop());

  const credentials = configuration.credentials ?? simulatorCredentials(dataFolder, configuration.login);
  const simulator = configuration.credentials
    ? undefined
    : await startSimulator(credentials, configuration, `${url}/api/webhook`);
  onStop(() => simulator?.stop());
  const graphUrl = simulator?.url ?? configuration.graphApiBaseUrl;
  if (simulator && configuration.graphApiBaseUrl) {
    writeLine('GRAPH_API_BASE_URL is not used: without credentials Graph calls go to the simulator');
  }

  const sqs = (await options.sqsProxy?.(emulators.endpoints.sqs)) ?? emulators.endpoints.sqs;
  const endpoints = { ...emulators.endpoints, sqs };
  const deployment = readDeployment(templateFile, endpoints, url);
  await emulators.deploy(deployment, options.visibilityTimeoutSeconds);
  const s3Url = objectsUrl(configuration, url);
  objects = createObjectStore(dataFolder.in('s3'), s3Url);
  deployBuckets(deployment, objects);
  writeSecrets(deployment, emulators, connectionSecrets(credentials, configuration));

  const codeFolder = dataFolder.in('code');
  rmSync(codeFolder, { recursive: true, force: true });
  const host = createFunctionHost({
    deployment,
    codeFolder,
    writeLine,
    sqsEndpoint: emulators.endpoints.sqs,
    ...(options.schedulePeriodMs !== undefined && { schedulePeriodMs: options.schedulePeriodMs }),
    variables: { ...functionVariables(configuration, endpoints, graphUrl), AWS_ENDPOINT_URL_S3: s3Url },
  });
  onStop(() => host.stop());

  const tableName = tableNameOf(deployment);
  const apiKey = tableName
    ? await registerFirstKey(configuration.apiKey, dataFolder, {
        url: emulators.endpoints.dynamodb,
        name: tableName,
      })
    : '';

  const client = new SQSClient(localClient(emulators.endpoints.sqs));
  const messageLines = writeMessageLines(client, queueUrl(emulators.endpoints.sqs, consoleQueue), writeLine);
  onStop(async () => {
    await messageLines.stop();
    client.destroy();
  });

  if (options.reload) onStop(watchSources(options.reload, () => host.reload(), writeLine));
  host.startTriggers();
  routes.resolve(host.routes);
  onStop(() => close(server, answerGraceMs));
  void simulator?.greet();

  const findQueue = (logicalIdPart: string): string => {
    const found = ofType(deployment, 'AWS::SQS::Queue').filter(({ logicalId }) =>
      logicalId.includes(logicalIdPart),
    );
    const [queue, ...more] = found;
    if (!queue || more.length > 0)
      throw new Error(`${found.length} queues have ${logicalIdPart} in their id`);
    return queueUrl(emulators.endpoints.sqs, queue.name);
  };
  dataFolder.write(
    'gateway.json',
    `${JSON.stringify({ ...describe(url, tableName, deployment, emulators.endpoints), buckets: bucketUrls(deployment, s3Url), simulatorUrl: simulator?.url, graphUrl }, null, 2)}\n`,
  );
  onStop(() => dataFolder.remove('gateway.json'));
  return {
    url,
    apiKey,
    dataDir: dataFolder.path,
    configuration,
    ...(graphUrl && { graphUrl }),
    ...(simulator && { phoneUrl: `${simulator.url}/` }),
    endpoints: emulators.endpoints,
    tableName,
    queueUrl: findQueue,
  };
}

/** The table that the functions use, which may be another than the template makes; empty where there is none. */
function tableNameOf(deployment: Deployment): string {
  const [table] = ofType(deployment, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
  const given = ofType(deployment, 'AWS::Lambda::Function')
    .map((resource) => functionDefinition(resource).variables.TABLE_NAME)
    .find((name) => name !== undefined);
  return given ?? table?.name ?? '';
}

function bucketUrls(deployment: Deployment, s3Url: string): Record<string, string> {
  return Object.fromEntries(
    ofType(deployment, 'AWS::S3::Bucket').map(({ logicalId, name }) => [logicalId, `${s3Url}/${name}`]),
  );
}

/** Where uploads are put and fetched: Meta itself reaches this machine through the tunnel alone. */
function objectsUrl({ credentials, graphApiBaseUrl, publicUrl }: Configuration, url: string): string {
  const isRealMeta = credentials !== undefined && graphApiBaseUrl === undefined;
  return isRealMeta && publicUrl !== undefined ? new URL(publicUrl).origin : url;
}

/** What serves AWS's services and Meta to the functions: endpoint variables alone. */
function functionVariables(
  { graphApiVersion, humanAgent, resubscribe, messageRetentionDays }: Configuration,
  endpoints: Endpoints,
  graphUrl: string | undefined,
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sns,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    GRAPH_API_VERSION: graphApiVersion,
    HUMAN_AGENT: humanAgent,
    RESUBSCRIBE: resubscribe,
    ...(messageRetentionDays && { MESSAGE_RETENTION_DAYS: messageRetentionDays }),
    ...(graphUrl && { GRAPH_API_BASE_URL: graphUrl }),
  };
}

/** The configuration always wins over what a secret held before. */
function writeSecrets(
  deployment: Deployment,
  { secretsManager }: Emulators,
  values: { webhook: string; graph: string },
): void {
  for (const { logicalId } of ofType(deployment, 'AWS::SecretsManager::Secret')) {
    if (logicalId.includes('WebhookSecret')) secretsManager.put(secretArn(logicalId), values.webhook);
    if (logicalId.includes('GraphSecret')) secretsManager.put(secretArn(logicalId), values.graph);
  }
}

/** What the owner's commands need to find the running gateway. */
function describe(url: string, tableName: string, deployment: Deployment, endpoints: Endpoints) {
  const [topic] = ofType(deployment, 'AWS::SNS::Topic');
  return {
    pid: process.pid,
    url,
    tableName,
    queues: Object.fromEntries(
      ofType(deployment, 'AWS::SQS::Queue').map(({ logicalId, name }) => [
        logicalId,
        queueUrl(endpoints.sqs, name),
      ]),
    ),
    topicArn: topic && arn('sns', topic.name),
    secrets: Object.fromEntries(
      ofType(deployment, 'AWS::SecretsManager::Secret').map(({ logicalId }) => [
        logicalId,
        secretArn(logicalId),
      ]),
    ),
    endpoints,
  };
}
