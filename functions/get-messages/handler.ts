import { answerForGraphFailure } from '../../shared/instagram/graph-failure.ts';
import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { withEtag } from '../../shared/runtime/http/with-etag.ts';
import { freshness } from './freshness.ts';
import { fromGraph } from './from-graph.ts';
import { fromStore } from './from-store.ts';
import { type GetMessagesQuery, getMessagesQuery } from './request.ts';
import type { Conversations } from './seed-shape.ts';
import { withinAnswerSize } from './within-answer-size.ts';

/** The first caller ever waits for Meta 5 s, when the store is empty: 4 s for calls, and what the last one takes. */
const firstReadMs = 4_000 + 3_000;

export const handler = apiHandler(
  'read',
  { query: getMessagesQuery },
  async ({ query, remainingMs }) => {
    const { conversations, ...more } =
      query.source === 'graph'
        ? { conversations: await readGraph(query, remainingMs()) }
        : await readStore(query);
    const { data, warnings } = withinAnswerSize(conversations);
    return success({ data, ...more, ...(warnings.length > 0 && { warnings }) });
  },
  // It moves on every ten seconds that somebody polls. Where it matters, since nobody compares any more, `stale` tells.
  withEtag(['reconciled_at']),
);

async function readGraph(query: GetMessagesQuery, remainingMs: number): Promise<Conversations> {
  return fromGraph(query, remainingMs).catch((error: unknown) => {
    throw answerForGraphFailure(error);
  });
}

/** What is stored. When that is nothing and was never compared with Meta, Meta is asked at once. */
async function readStore(query: GetMessagesQuery) {
  const [stored, { reconciledAt, isStale, warnings }] = await Promise.all([fromStore(query), freshness()]);
  const isNew = stored.data.length === 0 && reconciledAt === undefined;
  const conversations = isNew ? await fromGraph(query, firstReadMs).catch(() => stored) : stored;
  return {
    conversations: { ...conversations, warnings: [...conversations.warnings, ...warnings] },
    ...(reconciledAt !== undefined && { reconciled_at: reconciledAt }),
    ...(isStale && { stale: true as const }),
  };
}
