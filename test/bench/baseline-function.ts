import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../infra/build-functions.ts';
import type { Call } from './recorded-calls.ts';

/** The SDK's client and package of each service, and its wire name in the header that names the operation. */
const services = {
  dynamodb: { client: 'DynamoDBClient', from: '@aws-sdk/client-dynamodb' },
  sqs: { client: 'SQSClient', from: '@aws-sdk/client-sqs' },
  sns: { client: 'SNSClient', from: '@aws-sdk/client-sns' },
  secretsManager: { client: 'SecretsManagerClient', from: '@aws-sdk/client-secrets-manager' },
} as const;
type Service = keyof typeof services;

const isOfAws = (to: string): to is Service => to in services;

/**
 * Bundles, as functions are bundled, a handler that makes the same calls in the same order by the same SDK clients, and
 * does nothing else. Calls to others than AWS are made by a bare `fetch`. What a call refuses (a condition that holds no more) is
 * an answer too.
 * @returns its folder.
 */
export async function bundleBaseline(folder: string, name: string, calls: readonly Call[]): Promise<string> {
  const used = [...new Set(calls.map(({ to }) => to).filter(isOfAws))];
  const imports = used.map((service) => {
    const { client, from } = services[service];
    const commands = [...new Set(calls.filter(({ to }) => to === service).map(commandOf))];
    return `import { ${[client, ...commands].join(', ')} } from '${from}';\nconst ${service} = new ${client}({});`;
  });
  // The functions use it through the document client, which is a part of what they load.
  if (used.includes('dynamodb')) {
    imports.push(
      "import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';\nDynamoDBDocumentClient.from(dynamodb);",
    );
  }
  const steps = calls.map((call) =>
    isOfAws(call.to)
      ? `await ${call.to}.send(new ${commandOf(call)}(${inputOf(call)})).catch(() => {});`
      : `await (await fetch(${JSON.stringify(call.url)}, ${JSON.stringify({
          method: call.method,
          headers: call.headers,
          ...(call.body.length > 0 && { body: call.body.toString() }),
        })})).text();`,
  );
  const source = [
    ...imports,
    'export const handler = async () => {',
    ...steps,
    '  return { statusCode: 200 };',
    '};',
  ];
  const target = join(folder, name);
  await mkdir(target, { recursive: true });
  await build({
    ...bundleOptions,
    stdin: { contents: source.join('\n'), resolveDir: bundleOptions.absWorkingDir, loader: 'js' },
    outfile: join(target, 'index.mjs'),
  });
  return target;
}

/** `DynamoDB_20120810.GetItem`, or the `Action` of a service that is spoken to in forms. */
function commandOf({ headers, body }: Call): string {
  const operation =
    headers['x-amz-target']?.split('.').at(-1) ?? new URLSearchParams(body.toString()).get('Action') ?? '';
  return `${operation}Command`;
}

function inputOf({ headers, body }: Call): string {
  if (headers['x-amz-target']) return body.toString();
  const form = new URLSearchParams(body.toString());
  // PublishBatch alone is sent as a form.
  const entries = [...form.entries()].filter(([key]) => key.endsWith('.Id'));
  return JSON.stringify({
    TopicArn: form.get('TopicArn'),
    PublishBatchRequestEntries: entries.map(([key, Id]) => ({
      Id,
      Message: form.get(key.replace(/\.Id$/, '.Message')),
    })),
  });
}
