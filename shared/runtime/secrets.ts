import { getSecret } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod/mini';
import { required } from './environment.ts';
import { HttpError } from './http/http-error.ts';

const nonEmpty = z.string().check(z.minLength(1));

/** What proves Meta to us: read by the webhook alone. */
export const webhookSecret = z.object({
  apps: z.array(z.object({ app_id: z.optional(z.string()), app_secret: nonEmpty })).check(z.minLength(1)),
  verify_token: nonEmpty,
});
export type WebhookSecret = z.infer<typeof webhookSecret>;

/** What proves us to Meta: read by whatever calls the Graph API. */
export const graphSecret = z.object({
  access_token: nonEmpty,
  ig_user_id: nonEmpty,
  login: z.enum(['facebook', 'instagram']),
  /** Where the app requires proof: hex HMAC-SHA256 of the token with the app secret. */
  appsecret_proof: z.optional(nonEmpty),
  /** When `refresh-token` refreshed it last, and until when it is good then: epoch seconds. Absent until it has. */
  refreshed_at: z.optional(z.int()),
  token_expires_at: z.optional(z.int()),
});
export type GraphSecret = z.infer<typeof graphSecret>;

/** No secret, no service: the gateway answers this until its owner has connected it. */
export class NotConnectedError extends HttpError {
  override readonly name = 'NotConnectedError';
  constructor(what: string, cause?: unknown) {
    super(
      503,
      'not_connected',
      `This gateway is not connected to Instagram yet: ${what}. Its owner runs "npm run connect", on AWS with --stage.`,
      { cause },
    );
  }
}

const maxAgeSeconds = 300;
const minRefetchIntervalMs = 60_000;

type SecretVariable = 'WEBHOOK_SECRET_ARN' | 'GRAPH_SECRET_ARN';

const lastRefetchMs = new Map<SecretVariable, number>();

async function read<S extends z.ZodMiniType>(
  variable: SecretVariable,
  schema: S,
  forceFetch: boolean,
): Promise<z.infer<S>> {
  let value: unknown;
  try {
    value = await getSecret(required(variable), { transform: 'json', maxAge: maxAgeSeconds, forceFetch });
  } catch (error) {
    if (isMissing(error)) throw new NotConnectedError(`the secret behind ${variable} has no value`, error);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // The issue's path and message alone: its input is the secret.
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'value'}: ${message}`);
  throw new NotConnectedError(`the secret behind ${variable} is not as expected (${faults.join('; ')})`);
}

function isMissing(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].some((each) => each instanceof Error && each.name === 'ResourceNotFoundException');
}

/** `undefined` when the secret was fetched anew less than a minute ago, so that nobody can make us fetch at will. */
async function refetch<S extends z.ZodMiniType>(
  variable: SecretVariable,
  schema: S,
): Promise<z.infer<S> | undefined> {
  if (Date.now() - (lastRefetchMs.get(variable) ?? 0) < minRefetchIntervalMs) return undefined;
  lastRefetchMs.set(variable, Date.now());
  return read(variable, schema, true);
}

/**
 * The two secrets, cached for 300 s. `refetch…` is for the moment that the cached value was refused.
 * @throws NotConnectedError while they have no value.
 */
export const secrets = {
  webhook: () => read('WEBHOOK_SECRET_ARN', webhookSecret, false),
  refetchWebhook: () => refetch('WEBHOOK_SECRET_ARN', webhookSecret),
  graph: () => read('GRAPH_SECRET_ARN', graphSecret, false),
  refetchGraph: () => refetch('GRAPH_SECRET_ARN', graphSecret),
  /** As they are stored, however fresh the cached ones are: for whoever replaces or judges them. */
  latestWebhook: () => read('WEBHOOK_SECRET_ARN', webhookSecret, true),
  latestGraph: () => read('GRAPH_SECRET_ARN', graphSecret, true),
};
