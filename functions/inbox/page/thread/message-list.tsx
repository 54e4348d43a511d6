import type { JSX } from 'preact';
import { useCallback, useMemo, useRef } from 'preact/hooks';
import type { Conversation, Message } from '../api/shapes.ts';
import { changeDraft } from '../composer/drafts.ts';
import { notYetShown } from '../composer/outgoing.ts';
import { contentOf } from '../conversations/preview.ts';
import { Icon } from '../shell/icons.tsx';
import { type OpenThread, outgoingStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { dayName } from '../time/format.ts';
import { Bubble } from './bubble.tsx';
import { EventLine } from './event-line.tsx';
import { entriesOf } from './grouping.ts';
import { moveAmongMessages } from './move-focus.ts';
import { OutgoingBubble } from './outgoing-bubble.tsx';
import { loadOlder } from './thread-loader.ts';
import { useScroll } from './use-scroll.ts';

interface Properties {
  readonly id: string;
  readonly open: OpenThread;
  readonly conversation: Conversation | undefined;
  readonly name: string;
  readonly mayReply: boolean;
}

export function MessageList({ id, open, conversation, name, mayReply }: Properties): JSX.Element {
  const { messages, cursor } = open.thread;
  const outgoing = useStore(outgoingStore);
  const pending = useMemo(
    () =>
      notYetShown(
        outgoing.filter((each) => each.conversationId === id),
        messages,
      ),
    [outgoing, messages, id],
  );
  const entries = useMemo(() => entriesOf(messages), [messages]);
  const byId = useMemo(() => new Map(messages.map((message) => [message.id, message])), [messages]);
  const seenId = messages.findLast(
    ({ direction, read_at }) => direction === 'out' && read_at !== undefined,
  )?.id;
  const today = useStore(clock, (ms) => Math.floor(ms / 60_000) * 60_000);
  const scroller = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1);
  const { isAtBottom, toBottom } = useScroll(scroller, {
    id,
    oldestKey: messages[0]?.id,
    newestKey: pending.at(-1)?.key ?? newest?.id,
    isNewestOurs: pending.length > 0,
    onTop: () => void loadOlder(id),
  });
  const reply = useCallback(
    (message: Message) => {
      changeDraft(id, (draft) => ({ ...draft, replyTo: { id: message.id, excerpt: contentOf(message) } }));
      document.querySelector<HTMLElement>('#composer-text')?.focus();
    },
    [id],
  );
  return (
    <div class="thread-scroll-place">
      <div class="thread-scroll" ref={scroller}>
        <div>
          <p class="thread-top quiet" role="status">
            {open.older === 'failed'
              ? text.thread.olderFailed
              : cursor === undefined
                ? text.thread.beginning
                : text.thread.loadingOlder}
            {open.older === 'failed' && (
              <button type="button" class="plain" onClick={() => void loadOlder(id)}>
                {text.tryAgain}
              </button>
            )}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by Tab, or nobody reads it without a mouse (WCAG 2.1.1); from here the arrow keys move. */}
          <ol class="messages" aria-label={text.thread.messages} onKeyDown={moveAmongMessages} tabIndex={0}>
            {entries.map((entry) => {
              if (entry.type === 'day') {
                return (
                  <li key={entry.key} class="day-line">
                    <time dateTime={entry.at}>{dayName(entry.at, today, text)}</time>
                  </li>
                );
              }
              const { message, key } = entry;
              if (entry.type === 'event') return <EventLine key={key} message={message} />;
              const { reply_to } = message;
              return (
                <Bubble
                  key={key}
                  message={message}
                  conversationId={id}
                  recipientId={conversation?.recipient_id ?? ''}
                  name={name}
                  isFirst={entry.isFirst}
                  isLast={entry.isLast}
                  isSeenMark={message.id === seenId}
                  mayReply={mayReply}
                  quoted={reply_to && 'mid' in reply_to ? byId.get(reply_to.mid) : undefined}
                  onReply={reply}
                />
              );
            })}
            {pending.map((each) => (
              <OutgoingBubble key={each.key} outgoing={each} />
            ))}
          </ol>
        </div>
      </div>
      {!isAtBottom && (
        <button
          type="button"
          class="to-newest"
          aria-label={text.thread.toNewest}
          title={text.thread.toNewest}
          onClick={toBottom}
        >
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}
