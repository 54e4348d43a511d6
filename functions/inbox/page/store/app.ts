import type { ListFilter } from '../api/api.ts';
import type { Conversation, SavedReplies, Session, Status } from '../api/shapes.ts';
import type { Outgoing } from '../composer/outgoing.ts';
import { emptyList, type ListState } from '../conversations/list-state.ts';
import { emptyThread, type ThreadState } from '../thread/thread-state.ts';
import { createStore } from './store.ts';

/** What went wrong while loading, and since when what is shown may be old. */
export type Loading =
  | { readonly state: 'loading' }
  | { readonly state: 'ready' }
  | { readonly state: 'failed'; readonly message: string };

export type SessionState =
  | { readonly phase: 'checking' }
  | { readonly phase: 'signed_out'; readonly reason?: 'ended' | 'refused' | 'no_answer' }
  | { readonly phase: 'signed_in'; readonly session: Session };

export type Panel = 'send_by_id' | 'settings' | 'health';

export interface View {
  readonly filter: ListFilter;
  readonly q: string;
  readonly openId?: string | undefined;
  readonly panel?: Panel | undefined;
  readonly isHelpShown: boolean;
}

export interface ListLoad {
  readonly list: ListState;
  readonly first: Loading;
  readonly more: 'idle' | 'loading' | 'failed';
  /** When the gateway last told that this is how it is. */
  readonly updatedAtMs?: number;
}

export interface OpenThread {
  readonly thread: ThreadState;
  readonly first: Loading;
  readonly older: 'idle' | 'loading' | 'failed';
  /** For what is not in the list, such as after a reload of its address. */
  readonly conversation?: Conversation;
}

export interface Connection {
  readonly isOnline: boolean;
  readonly lastAnswerAtMs?: number;
  readonly failingSinceMs?: number;
}

export const sessionStore = createStore<SessionState>({ phase: 'checking' });
export const viewStore = createStore<View>({ filter: 'all', q: '', isHelpShown: false });
export const emptyListLoad: ListLoad = { list: emptyList, first: { state: 'loading' }, more: 'idle' };
export const listStore = createStore<ListLoad>(emptyListLoad);
export const emptyOpenThread: OpenThread = {
  thread: emptyThread,
  first: { state: 'loading' },
  older: 'idle',
};
export const threadsStore = createStore<Readonly<Record<string, OpenThread>>>({});
export const outgoingStore = createStore<readonly Outgoing[]>([]);
export const connectionStore = createStore<Connection>({ isOnline: true });
export const statusStore = createStore<Status | undefined>(undefined);
export const savedRepliesStore = createStore<SavedReplies | undefined>(undefined);
/** Read out by screen readers. */
export const announcementStore = createStore('');
/** The recipient of the "Send by id" form, which other places fill in. */
export const recipientStore = createStore('');

/** A part of a value is another. */
export const change =
  <T extends object>(part: { readonly [Key in keyof T]?: T[Key] }) =>
  (value: T): T => ({ ...value, ...part });

export function announce(message: string): void {
  announcementStore.update(() => message);
}
