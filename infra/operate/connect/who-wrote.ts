import * as z from 'zod/mini';
import { readGraph } from '../../../shared/account/graph-reading.ts';
import type { GraphCaller } from '../../../shared/instagram/graph-client.ts';
import type { CustomerId } from '../../../shared/instagram/ids.ts';
import { graphTimeoutMs } from './connection.ts';

const profile = z.object({ name: z.optional(z.nullable(z.string())), username: z.optional(z.string()) });

/**
 * A customer in words. A profile that Meta does not tell only leaves the name out: it asks for consent, and
 * may refuse. MP §5.
 */
export async function whoWrote(caller: GraphCaller, customer: CustomerId): Promise<string> {
  const query = { fields: 'name,username' };
  const call = { path: `/${customer}`, query, timeoutMs: graphTimeoutMs } as const;
  const reading = await readGraph(caller, call, profile);
  const { username, name } = reading.ok ? reading.value : {};
  return [username && `@${username}`, name && `(${name})`, `id ${customer}`].filter(Boolean).join(' ');
}
