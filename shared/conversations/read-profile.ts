import * as z from 'zod/mini';
import { type GraphCaller, graph } from '../instagram/graph-client.ts';
import { explainGraphError } from '../instagram/graph-error-catalogue.ts';
import { GraphError } from '../instagram/graph-errors.ts';
import type { CustomerId } from '../instagram/ids.ts';
import type { Contact } from './contact-store.ts';

const timeoutMs = 20_000;
const profile = z.object({
  name: z.optional(z.nullable(z.string())),
  username: z.optional(z.string()),
  profile_pic: z.optional(z.nullable(z.string())),
});

/**
 * Asks Meta who a customer is. A refusal is an answer too: Meta tells nothing of a person who blocked the account,
 * only commented, or is gone. MP §5
 * @throws GraphError for a refused token, a rate limit or a failure of Meta's; GraphNotReachedError, GraphNoAnswerError
 */
export async function readProfile(caller: GraphCaller, customer: CustomerId): Promise<Contact> {
  try {
    const { value, headers } = await graph.getWithHeaders(caller, {
      path: `/${customer}`,
      query: { fields: 'name,username,profile_pic' },
      timeoutMs,
    });
    const told = Date.parse(headers.date ?? '');
    const readAtMs = Number.isNaN(told) ? Date.now() : told;
    const { name, username, profile_pic } = profile.safeParse(value).data ?? {};
    if (!name && !username) return { readAtMs, isMiss: true };
    return {
      ...(name && { name }),
      ...(username && { username }),
      ...(profile_pic && { profilePic: profile_pic }),
      readAtMs,
    };
  } catch (error) {
    if (error instanceof GraphError && !isPassing(error)) return { readAtMs: Date.now(), isMiss: true };
    throw error;
  }
}

/** It says nothing about the person: the same call may be answered later, or with another token. */
function isPassing({ status, details: { code, error_subcode, message, is_transient } }: GraphError): boolean {
  const { retry, mayHaveArrived } = explainGraphError(code, error_subcode, message);
  return is_transient === true || status >= 500 || retry !== undefined || mayHaveArrived === true;
}
