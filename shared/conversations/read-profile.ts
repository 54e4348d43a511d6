import * as z from 'zod/mini';
import { type GraphCaller, graph } from '../instagram/graph-client.ts';
import { GraphError } from '../instagram/graph-errors.ts';
import type { CustomerId } from '../instagram/ids.ts';
import type { Contact } from './contact-store.ts';

const timeoutMs = 20_000;
const invalidTokenCode = 190;
/** Meta limits calls: the person may well be there. */
const limitCodes: readonly number[] = [4, 17, 32, 341, 613, 80001, 80002, 80006];

const profile = z.object({
  name: z.optional(z.nullable(z.string())),
  username: z.optional(z.string()),
  profile_pic: z.optional(z.nullable(z.string())),
});

/**
 * Asks Meta who a customer is. A refusal is an answer too: Meta tells nothing of a person who blocked the account,
 * only commented, or is gone. MP §5
 * @throws GraphError for a refused token or a rate limit, GraphNotReachedError, GraphNoAnswerError
 */
export async function readProfile(caller: GraphCaller, customer: CustomerId): Promise<Contact> {
  const readAtMs = Date.now();
  try {
    const value = await graph.get(caller, {
      path: `/${customer}`,
      query: { fields: 'name,username,profile_pic' },
      timeoutMs,
    });
    const { name, username, profile_pic } = profile.safeParse(value).data ?? {};
    if (!name && !username) return { readAtMs, isMiss: true };
    return {
      ...(name && { name }),
      ...(username && { username }),
      ...(profile_pic && { profilePic: profile_pic }),
      readAtMs,
    };
  } catch (error) {
    const isRefusal =
      error instanceof GraphError &&
      error.details.code !== invalidTokenCode &&
      !limitCodes.includes(error.details.code);
    if (isRefusal) return { readAtMs, isMiss: true };
    throw error;
  }
}
