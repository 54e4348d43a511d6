import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { close, listen } from './servers.ts';

const version = z.object({ id: z.string(), value: z.string(), createdAtSeconds: z.number() });
const secret = z.object({ current: version.optional(), previous: version.optional() });
const contents = z.record(z.string(), secret);
type Secret = z.infer<typeof secret>;

const request = z.object({
  SecretId: z.string(),
  SecretString: z.string().optional(),
  VersionStage: z.enum(['AWSCURRENT', 'AWSPREVIOUS']).default('AWSCURRENT'),
});
type Request = z.infer<typeof request>;

/** An answer that the SDK turns into the exception of this name. */
class SecretsError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface SecretsManager {
  readonly url: string;
  /** Makes the secret, without a value, unless it exists. */
  ensure(arn: string): void;
  put(arn: string, value: string): void;
  stop(): Promise<void>;
}

/** Where the values are kept: `write` must replace them as a whole. */
export interface SecretsFile {
  read(): string | undefined;
  write(content: string): void;
}

/** The JSON operations of Secrets Manager that read and write a secret's value. */
export async function startSecretsManager(file: SecretsFile): Promise<SecretsManager> {
  const secrets = contents.parse(JSON.parse(file.read() ?? '{}'));
  const save = () => file.write(JSON.stringify(secrets, null, 2));

  const put = (arn: string, value: string): Secret => {
    const { current } = secrets[arn] ?? {};
    const created = { id: randomUUID(), value, createdAtSeconds: Math.round(Date.now() / 1000) };
    const next = { current: created, ...(current && { previous: current }) };
    secrets[arn] = next;
    save();
    return next;
  };

  const find = (id: string): [arn: string, secret: Secret] => {
    // The ARN, or the name, which is the ARN without its beginning and its last six characters.
    const found = Object.entries(secrets).find(
      ([arn]) =>
        arn === id ||
        arn
          .split(':')
          .at(-1)
          ?.replace(/-.{6}$/, '') === id,
    );
    if (found) return found;
    throw new SecretsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };

  const operations: Readonly<Record<string, (input: Request) => unknown>> = {
    GetSecretValue: ({ SecretId, VersionStage }) => {
      const [arn, { current, previous }] = find(SecretId);
      const asked = VersionStage === 'AWSCURRENT' ? current : previous;
      if (!asked) {
        throw new SecretsError(
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
        );
      }
      return {
        ...described(arn),
        VersionId: asked.id,
        VersionStages: [VersionStage],
        SecretString: asked.value,
        CreatedDate: asked.createdAtSeconds,
      };
    },
    PutSecretValue: ({ SecretId, SecretString }) => {
      const [arn] = find(SecretId);
      if (SecretString === undefined) {
        throw new SecretsError('InvalidParameterException', 'SecretString is needed on this machine.');
      }
      const { current } = put(arn, SecretString);
      return { ...described(arn), VersionId: current?.id, VersionStages: ['AWSCURRENT'] };
    },
    DescribeSecret: ({ SecretId }) => {
      const [arn, { current, previous }] = find(SecretId);
      return {
        ...described(arn),
        VersionIdsToStages: Object.fromEntries([
          ...(current ? [[current.id, ['AWSCURRENT']]] : []),
          ...(previous ? [[previous.id, ['AWSPREVIOUS']]] : []),
        ]),
      };
    },
  };

  const answer = async (incoming: IncomingMessage): Promise<unknown> => {
    const name = String(incoming.headers['x-amz-target']).replace('secretsmanager.', '');
    const operation = operations[name];
    if (!operation) {
      throw new SecretsError('UnknownOperationException', `${name} is not emulated on this machine.`);
    }
    return operation(request.parse(JSON.parse(await text(incoming))));
  };

  const server = createServer((incoming, response) => {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    };
    answer(incoming).then(
      (body) => send(200, body),
      (error: unknown) => {
        const named = error instanceof SecretsError ? error : invalid();
        send(400, { __type: named.name, message: named.message });
      },
    );
  });
  const port = await listen(server);

  return {
    url: `http://127.0.0.1:${port}`,
    ensure: (arn) => {
      if (secrets[arn]) return;
      secrets[arn] = {};
      save();
    },
    put: (arn, value) => {
      if (secrets[arn]?.current?.value !== value) put(arn, value);
    },
    stop: () => close(server),
  };
}

function described(arn: string) {
  return {
    ARN: arn,
    Name: arn
      .split(':')
      .at(-1)
      ?.replace(/-.{6}$/, ''),
  };
}

function invalid(): SecretsError {
  // The cause is not passed on: a parser's message may quote a secret.
  return new SecretsError('InvalidRequestException', 'The request could not be read.');
}
