import type * as z from 'zod/mini';
import type { CheckInput } from '../../../shared/account/check-account.ts';
import { graphSecret, webhookSecret } from '../../../shared/runtime/secrets.ts';

/** The two secrets as the functions read them: one that they could not use is absent. */
export function parseConnection(
  webhook: string | undefined,
  graph: string | undefined,
): CheckInput['connection'] {
  const [parsedWebhook, parsedGraph] = [parse(webhookSecret, webhook), parse(graphSecret, graph)];
  return {
    ...(parsedWebhook && { webhook: parsedWebhook }),
    ...(parsedGraph && { graph: parsedGraph }),
  };
}

function parse<S extends z.ZodMiniType>(schema: S, value: string | undefined): z.infer<S> | undefined {
  try {
    return schema.safeParse(JSON.parse(value ?? '')).data;
  } catch {
    return undefined;
  }
}
