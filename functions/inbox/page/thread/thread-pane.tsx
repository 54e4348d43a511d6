import type { JSX } from 'preact';
import { Composer } from '../composer/composer.tsx';
import { nameOf } from '../conversations/name-of.ts';
import { mayWrite, windowNow } from '../conversations/window-now.ts';
import { Notice } from '../shell/notice.tsx';
import { emptyOpenThread, listStore, sessionStore, threadsStore, viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { isHeldByOther } from './held-by-other.ts';
import { MessageList } from './message-list.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { refreshThread } from './thread-loader.ts';

export function ThreadPane(): JSX.Element {
  const id = useStore(viewStore, ({ openId }) => openId);
  if (id === undefined) {
    return (
      <main class="thread-pane empty">
        <Notice title={text.thread.pick} icon="compose">
          <p>{text.thread.pickHint}</p>
        </Notice>
      </main>
    );
  }
  return <OpenThreadPane key={id} id={id} />;
}

function OpenThreadPane({ id }: { readonly id: string }): JSX.Element {
  const open = useStore(threadsStore, (all) => all[id] ?? emptyOpenThread);
  const row = useStore(listStore, ({ list }) => list.rows[id]);
  const maySend = useStore(
    sessionStore,
    (session) => session.phase === 'signed_in' && session.session.roles.includes('send'),
  );
  const now = useStore(clock);
  const conversation = row ?? open.conversation;
  const name = conversation ? nameOf(conversation.participant, text.unknownPerson) : text.unknownPerson;
  const mayReply = maySend && conversation !== undefined && mayWrite(windowNow(conversation, now));
  return (
    <main class="thread-pane" aria-label={text.thread.label(name)}>
      <ThreadHeader conversation={conversation} name={name} />
      {isHeldByOther(open.thread.messages) && <p class="thread-note">{text.health.heldByOther}</p>}
      {open.thread.isLoaded ? (
        <MessageList id={id} open={open} conversation={conversation} name={name} mayReply={mayReply} />
      ) : (
        <div class="thread-scroll-place">
          {open.first.state === 'failed' ? (
            <Notice title={text.thread.failed} icon="warning" isError>
              <p>{open.first.message}</p>
              <button type="button" class="secondary" onClick={refreshThread}>
                {text.tryAgain}
              </button>
            </Notice>
          ) : (
            <div class="thread-skeleton" role="status" aria-label={text.loading}>
              <span />
              <span />
              <span />
              <span />
            </div>
          )}
        </div>
      )}
      <Composer id={id} conversation={conversation} maySend={maySend} messages={open.thread.messages} />
    </main>
  );
}
