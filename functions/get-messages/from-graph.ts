import * as z from 'zod/mini';
import { type CallBudget, callBudget } from '../../shared/conversations/call-budget.ts';
import { replyWindow } from '../../shared/conversations/reply-window.ts';
import { graph } from '../../shared/instagram/graph-client.ts';
import { GraphError, GraphNoAnswerError, GraphNotReachedError } from '../../shared/instagram/graph-errors.ts';
import { withCurrentToken } from '../../shared/instagram/with-current-token.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { optional, required } from '../../shared/runtime/environment.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import type { GraphSecret } from '../../shared/runtime/secrets.ts';
import type { GraphConversationView } from './answer-shape.ts';
import type { GetMessagesQuery } from './request.ts';
import { type Conversations, windowFields } from './seed-shape.ts';

const timeoutMs = 20_000;
/** Left for writing the answer when the last thread was slow. */
const reserveMs = 3_000;
const oddThreadCode = 1;

const person = z.object({ id: z.string(), username: z.optional(z.string()) });
const people = z.object({ data: z.array(person) });
const listAnswer = z.object({
  data: z.array(z.object({ id: z.string(), updated_time: z.string(), participants: z.optional(people) })),
});
const threadAnswer = z.object({
  participants: z._default(people, { data: [] }),
  messages: z._default(
    z.object({
      data: z.array(
        z.object({
          id: z.string(),
          created_time: z.optional(z.string()),
          from: z.optional(person),
          to: z.optional(people),
          message: z.optional(z.string()),
        }),
      ),
    }),
    { data: [] },
  ),
});

type Thread = z.infer<typeof threadAnswer>;
type ListedThread = z.infer<typeof listAnswer>['data'][number];

/**
 * Reads Meta's own conversations: the list with who takes part, then each thread. So everybody is named even where
 * time does not suffice for all threads. Nothing of Graph's `paging` is passed on: it holds the token.
 */
export function fromGraph(query: GetMessagesQuery, remainingMs: number): Promise<Conversations> {
  const deadlineMs = Date.now() + remainingMs - reserveMs;
  return withCurrentToken((secret) => readConversations(secret, query, deadlineMs));
}

async function readConversations(
  secret: GraphSecret,
  query: GetMessagesQuery,
  deadlineMs: number,
): Promise<Conversations> {
  const budget = callBudget(dynamodb(), required('TABLE_NAME'), secret.ig_user_id);
  const listed = await listThreads(secret, budget, query.limit, deadlineMs);

  const data: GraphConversationView[] = [];
  const unread: string[] = [];
  let isUnknownAccount = false;
  const emptied: string[] = [];
  for (const { id, updated_time, participants } of listed) {
    const read = await readThread(secret, budget, id, query.messages, deadlineMs);
    if (!read) (participants ? emptied : unread).push(id);
    const thread = read ?? (participants && { participants, messages: { data: [] } });
    if (!thread) continue;
    const customer = thread.participants.data.find((participant) => participant.id !== secret.ig_user_id);
    const isOurs = thread.participants.data.some((participant) => participant.id === secret.ig_user_id);
    isUnknownAccount ||= !isOurs;
    data.push(viewThread({ id, updated_time }, thread, isOurs ? customer?.id : undefined));
  }
  return { data, warnings: warningsOf(unread, emptied, isUnknownAccount) };
}

/** One odd thread fails a list that tells who takes part, as a whole: then the ids alone are listed. MP §4.6 */
async function listThreads(
  secret: GraphSecret,
  budget: CallBudget,
  limit: number,
  deadlineMs: number,
): Promise<readonly ListedThread[]> {
  const list = async (fields: string) => {
    if (!(await budget.wait('conversations', deadlineMs))) {
      throw new HttpError(
        429,
        'rate_limited',
        'Other readers use up the two calls a second that Meta allows. Try again in a minute, or read without source=graph.',
        { headers: { 'retry-after': '60' } },
      );
    }
    const answer = await graph.get(secret, {
      path: '/me/conversations',
      query: { platform: 'instagram', fields, limit: String(limit) },
      timeoutMs: Math.min(timeoutMs, Math.max(1_000, deadlineMs - Date.now())),
    });
    return parse(listAnswer, answer).data.slice(0, limit);
  };
  return list('id,updated_time,participants').catch((error: unknown) => {
    if (error instanceof GraphError && error.details.code === oddThreadCode) return list('id,updated_time');
    throw error;
  });
}

/** `undefined` when this thread could not be read, or not in time: the others still are. */
async function readThread(
  secret: GraphSecret,
  budget: CallBudget,
  id: string,
  limit: number,
  deadlineMs: number,
): Promise<Thread | undefined> {
  if (!(await budget.wait('conversations', deadlineMs))) return undefined;
  try {
    const answer = await graph.get(secret, {
      path: `/${encodeURIComponent(id)}`,
      query: { fields: `participants,messages.limit(${limit}){id,created_time,from,to,message}` },
      timeoutMs: Math.min(timeoutMs, Math.max(1_000, deadlineMs - Date.now())),
    });
    return parse(threadAnswer, answer);
  } catch (error) {
    const isOfThisThread =
      error instanceof GraphNoAnswerError ||
      error instanceof GraphNotReachedError ||
      (error instanceof GraphError && error.details.code !== 190);
    if (isOfThisThread) return undefined;
    throw error;
  }
}

function viewThread(
  listed: { id: string; updated_time: string },
  thread: Thread,
  customerId: string | undefined,
): GraphConversationView {
  const lastInAtMs = thread.messages.data
    .filter((message) => message.from?.id === customerId)
    .map((message) => Date.parse(message.created_time ?? ''))
    .find((atMs) => !Number.isNaN(atMs));
  const window =
    customerId !== undefined && lastInAtMs !== undefined
      ? replyWindow({ lastInAtMs }, Date.now(), optional('HUMAN_AGENT') === 'on')
      : undefined;
  return {
    ...listed,
    participants: thread.participants,
    messages: {
      data: thread.messages.data.map(({ id, created_time, from, to, message }) => ({
        id,
        ...(created_time !== undefined && { created_time }),
        from: from ?? { id: '' },
        to: to ?? { data: [] },
        message: message ?? '',
      })),
    },
    ...(customerId !== undefined && { recipient_id: customerId }),
    ...windowFields(window),
  };
}

function warningsOf(
  unread: readonly string[],
  emptied: readonly string[],
  isUnknownAccount: boolean,
): string[] {
  return [
    ...(unread.length > 0
      ? [
          `${unread.length} conversations could not be read from Meta in time and are left out: ${unread.join(', ')}.`,
        ]
      : []),
    ...(emptied.length > 0
      ? [
          `The messages of ${emptied.length} conversations could not be read from Meta in time: ${emptied.join(', ')}.`,
        ]
      : []),
    ...(isUnknownAccount
      ? [
          "IG_USER_ID takes part in no message of some conversations, so recipient_id is left out there: check that it is the Instagram account's id, not the Page's.",
        ]
      : []),
  ];
}

function parse<S extends z.ZodMiniType>(schema: S, value: unknown): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new GraphNoAnswerError("Meta's answer has another shape than expected");
}
