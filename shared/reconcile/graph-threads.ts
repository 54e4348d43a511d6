import * as z from 'zod/mini';
import { GraphError, GraphNoAnswerError } from '../instagram/graph-errors.ts';
import { documentedMessageFields, fullMessageFields } from '../instagram/graph-message.ts';
import { budgetedGraph, endsReading, isNotReadable, type Read } from './budgeted-graph.ts';
import type { ReconcileParts } from './reconcile-parts.ts';

/** Graph gives out more than id and time of so many newest messages of a conversation alone. MP §4.4 */
export const detailedMessages = 20;
const threadsPerPage = 50;
const idsPerPage = 100;
const unknownFieldCode = 100;

export interface ThreadEntry {
  readonly id: string;
  readonly updatedTime: string;
}

export type MessageNode = Readonly<Record<string, unknown>> & { readonly id: string };

export interface Thread {
  readonly participants: readonly { readonly id: string; readonly username?: string }[];
  /** The newest messages with all that Graph tells of them, newest first. */
  readonly newest: readonly MessageNode[];
  /** Of these, the ids of those that could not be read for the moment: id and time are all that is there. */
  readonly unread: ReadonlySet<string>;
  /** Meta's time of the read, in ms. */
  readonly readAtMs: number;
}

const paging = z.optional(
  z.object({
    cursors: z.optional(z.object({ after: z.optional(z.string()) })),
    next: z.optional(z.string()),
  }),
);
const threadList = z.object({
  data: z.array(z.object({ id: z.string(), updated_time: z.optional(z.string()) })),
  paging,
});
const messageNode = z.looseObject({ id: z.string() });
const messageList = z.object({ data: z.array(messageNode), paging });
const person = z.object({ id: z.string(), username: z.optional(z.string()) });
const people = z._default(z.object({ data: z.array(person) }), { data: [] });
const thread = z.object({ participants: people, messages: z._default(messageList, { data: [] }) });

/**
 * Reads conversations of the account at Meta, each call in its turn within the two a second that all callers have
 * together. https://developers.facebook.com/docs/messenger-platform/instagram/features/conversation
 * @throws what `budgetedGraph` throws
 */
export function graphThreads(parts: ReconcileParts) {
  const get = budgetedGraph(parts);
  let messageFields: readonly string[] = fullMessageFields;

  /** Instagram login documents fewer fields; a refused one fails the whole read. */
  async function withFields<T>(read: (fields: string) => Promise<T>): Promise<T> {
    try {
      return await read(messageFields.join(','));
    } catch (error) {
      const isUnknownField =
        error instanceof GraphError &&
        error.details.code === unknownFieldCode &&
        /nonexisting field/i.test(error.details.message);
      if (!isUnknownField || messageFields === documentedMessageFields) throw error;
      messageFields = documentedMessageFields;
      return read(messageFields.join(','));
    }
  }

  /** Graph leaves out reactions where there are none: that is an answer too, where it was asked for them. */
  const complete = (node: MessageNode): MessageNode =>
    node.reactions === undefined && node.from !== undefined && messageFields.includes('reactions')
      ? { ...node, reactions: { data: [] } }
      : node;

  const isPassing = (error: unknown) =>
    error instanceof GraphNoAnswerError || (error instanceof GraphError && error.details.code === 1);

  async function readMessage(mid: string): Promise<Read<MessageNode>> {
    const { value, readAtMs } = await withFields((fields) =>
      get(`/${encodeURIComponent(mid)}`, { fields }, messageNode),
    );
    return { value: complete(value), readAtMs };
  }

  async function messageIds(threadId: string, after: string | undefined, limit: number) {
    const query = { fields: 'id,created_time', limit: String(limit), ...(after && { after }) };
    const { value } = await get(`/${encodeURIComponent(threadId)}/messages`, query, messageList);
    const next = value.paging?.next === undefined ? undefined : value.paging.cursors?.after;
    return { nodes: value.data as readonly MessageNode[], ...(next && { next }) };
  }

  /** When the expanded thread cannot be read as a whole, its messages are read one by one. */
  async function readPiecemeal(threadId: string): Promise<Thread> {
    const { value, readAtMs } = await get(
      `/${encodeURIComponent(threadId)}`,
      { fields: 'participants' },
      z.object({ participants: people }),
    );
    const newest: MessageNode[] = [];
    const unread = new Set<string>();
    for (const node of (await messageIds(threadId, undefined, detailedMessages)).nodes) {
      const read = await readMessage(node.id).catch((error: unknown) => {
        if (endsReading(error)) throw error;
        if (!isNotReadable(error)) unread.add(node.id);
        return undefined;
      });
      newest.push(read?.value ?? node);
    }
    return { participants: participantsOf(value.participants), newest, unread, readAtMs };
  }

  return {
    readMessage,
    messageIds: (threadId: string, after?: string) => messageIds(threadId, after, idsPerPage),

    /** A page of the account's conversations, the one that changed last first. */
    async list(
      after?: string,
    ): Promise<{ readonly threads: readonly ThreadEntry[]; readonly next?: string }> {
      const query = {
        platform: 'instagram',
        fields: 'id,updated_time',
        limit: String(threadsPerPage),
        ...(after && { after }),
      };
      const { value } = await get('/me/conversations', query, threadList);
      const next = value.paging?.next === undefined ? undefined : value.paging.cursors?.after;
      return {
        threads: value.data.map(({ id, updated_time = '' }) => ({ id, updatedTime: updated_time })),
        ...(next && { next }),
      };
    },

    /** The conversation with one customer, if there is one. */
    async find(customerId: string): Promise<ThreadEntry | undefined> {
      const query = { platform: 'instagram', fields: 'id,updated_time', user_id: customerId };
      const { value } = await get('/me/conversations', query, threadList);
      const [first] = value.data;
      return first && { id: first.id, updatedTime: first.updated_time ?? '' };
    },

    async read(threadId: string): Promise<Thread> {
      try {
        const { value, readAtMs } = await withFields((fields) =>
          get(
            `/${encodeURIComponent(threadId)}`,
            { fields: `participants,messages.limit(${detailedMessages}){${fields}}` },
            thread,
          ),
        );
        return {
          participants: participantsOf(value.participants),
          newest: value.messages.data.map((node) => complete(node as MessageNode)),
          unread: new Set(),
          readAtMs,
        };
      } catch (error) {
        if (!isPassing(error)) throw error;
        return readPiecemeal(threadId);
      }
    },
  };
}

export type GraphThreads = ReturnType<typeof graphThreads>;

const participantsOf = ({ data }: z.infer<typeof people>): Thread['participants'] =>
  data.map(({ id, username }) => ({ id, ...(username !== undefined && { username }) }));
