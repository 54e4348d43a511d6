import * as z from 'zod/mini';
import { callBudget } from '../conversations/call-budget.ts';
import { graph } from '../instagram/graph-client.ts';
import { GraphError, GraphNoAnswerError } from '../instagram/graph-errors.ts';
import { documentedMessageFields, fullMessageFields } from '../instagram/graph-message.ts';
import { OutOfTimeError, type ReconcileParts } from './reconcile-parts.ts';

/** Reads of conversations take 30 to 90 s on some Pages. MP §4.6 */
const timeoutMs = 100_000;
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
  /** Meta's time of the read, in ms. */
  readonly readAtMs: number;
}

interface Read<T> {
  readonly value: T;
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
 * @throws OutOfTimeError when no turn comes in time; GraphError, GraphNotReachedError, GraphNoAnswerError
 */
export function graphThreads({ client, tableName, account, secret, beginBeforeMs }: ReconcileParts) {
  const budget = callBudget(client, tableName, account);
  let messageFields: readonly string[] = fullMessageFields;

  async function get<S extends z.ZodMiniType>(
    path: `/${string}`,
    query: Readonly<Record<string, string>>,
    schema: S,
  ): Promise<Read<z.infer<S>>> {
    if (!(await budget.wait('conversations', beginBeforeMs))) throw new OutOfTimeError('No time is left');
    const { value, headers } = await graph.getWithHeaders(secret, { path, query, timeoutMs });
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new GraphNoAnswerError("Meta's answer has another shape than expected");
    const told = Date.parse(headers.date ?? '');
    return { value: parsed.data, readAtMs: Number.isNaN(told) ? Date.now() : told };
  }

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
    for (const node of (await messageIds(threadId, undefined, detailedMessages)).nodes) {
      const read = await readMessage(node.id).catch((error: unknown) => {
        if (error instanceof OutOfTimeError) throw error;
        return undefined;
      });
      newest.push(read?.value ?? node);
    }
    return { participants: participantsOf(value.participants), newest, readAtMs };
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
