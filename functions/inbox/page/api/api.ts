import { type Answer, request } from './request.ts';
import type {
  Conversation,
  Message,
  Page,
  SavedReplies,
  SavedReply,
  Send,
  SendAnswer,
  SendRequest,
  Session,
  Status,
  Upload,
} from './shapes.ts';

export type ListFilter = 'all' | 'unread' | 'closing_soon';

export interface ListQuery {
  readonly filter: ListFilter;
  /** The beginning of a name, a username or an id; blank for none. */
  readonly q: string;
}

export interface PageCall {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type SenderAction =
  | { readonly action: 'typing_on' | 'typing_off' | 'mark_seen' }
  | { readonly action: 'react'; readonly message_id: string; readonly reaction: string }
  | { readonly action: 'unreact'; readonly message_id: string };

/** Every call that the page makes. Each throws ApiError or NoAnswer. */
export const api = {
  session: async () => data<Session>(await request<Enveloped<Session>>('/api/session')),
  signIn: async (key: string) =>
    data<Session>(
      await request<Enveloped<Session>>('/api/session', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
      }),
    ),
  signOut: async () => {
    await request('/api/session', { method: 'DELETE' });
  },

  conversations: ({ filter, q }: ListQuery, call: PageCall) =>
    page<Conversation>(
      '/api/conversations',
      q.trim() === '' ? (filter === 'all' ? {} : { filter }) : { q: q.trim() },
      call,
    ),
  messages: (conversationId: string, call: PageCall) =>
    page<Message>(`/api/conversations/${encodeURIComponent(conversationId)}/messages`, {}, call),
  markRead: async (conversationId: string, upTo: string) => {
    await request(`/api/conversations/${encodeURIComponent(conversationId)}/read`, {
      method: 'POST',
      body: { up_to: upTo },
    });
  },

  /** @param manner `wait` for Meta's answer, or only until the gateway has it. */
  send: async (body: SendRequest, idempotencyKey: string, manner: 'wait' | 'hand_over' = 'hand_over') => {
    const headers = {
      'idempotency-key': idempotencyKey,
      ...(manner === 'hand_over' && { prefer: 'respond-async' }),
    };
    const answer = await request<SendAnswer>('/api/send-message', { method: 'POST', body, headers });
    return answered(answer);
  },
  sendState: async (sendId: string) =>
    data<Send>(await request<Enveloped<Send>>(`/api/sends/${encodeURIComponent(sendId)}`)),
  senderAction: async (recipientId: string, action: SenderAction) => {
    await request('/api/sender-action', { method: 'POST', body: { recipient_id: recipientId, ...action } });
  },
  createUpload: async (contentType: string, sizeBytes: number) =>
    data<Upload>(
      await request<Enveloped<Upload>>('/api/uploads', {
        method: 'POST',
        body: { content_type: contentType, size_bytes: sizeBytes },
      }),
    ),

  savedReplies: async () => savedReplies(await request<SavedRepliesBody>('/api/saved-replies')),
  changeSavedReplies: async (replies: readonly Partial<SavedReply>[], version: SavedReplies['version']) =>
    savedReplies(
      await request<SavedRepliesBody>('/api/saved-replies', { method: 'PUT', body: { replies, version } }),
    ),
  status: async () => data<Status>(await request<Enveloped<Status>>('/api/status')),
};

interface Enveloped<T> {
  readonly data: T;
}

interface SavedRepliesBody {
  readonly data: readonly SavedReply[];
  readonly version: SavedReplies['version'];
}

const savedReplies = (answer: Answer<SavedRepliesBody> | undefined): SavedReplies => {
  const { data: replies, version } = answered(answer);
  return { replies, version };
};

function page<T>(path: string, query: Readonly<Record<string, string>>, call: PageCall) {
  const parameters = new URLSearchParams({
    ...query,
    limit: String(call.limit),
    ...(call.cursor !== undefined && { cursor: call.cursor }),
  });
  return request<Page<T>>(`${path}?${parameters}`, {
    ...(call.etag !== undefined && { headers: { 'if-none-match': call.etag } }),
    ...(call.signal && { signal: call.signal }),
  });
}

function data<T>(answer: Answer<Enveloped<T>> | undefined): T {
  return answered(answer).data;
}

/** Only a call with an ETag is answered 304. */
function answered<T>(answer: Answer<T> | undefined): T {
  if (!answer) throw new Error('304 without an ETag');
  return answer.body;
}
