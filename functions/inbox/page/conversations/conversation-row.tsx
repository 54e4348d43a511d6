import type { JSX } from 'preact';
import type { Conversation } from '../api/shapes.ts';
import { drafts } from '../composer/drafts.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { memo } from '../shell/memo.ts';
import { useRecipient as fillInRecipient, openThread } from '../shell/navigate.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { fullTime, shortTime } from '../time/format.ts';
import { Avatar } from './avatar.tsx';
import { nameOf } from './name-of.ts';
import { previewOf } from './preview.ts';
import { WindowBadge } from './window-badge.tsx';

interface Properties {
  readonly conversation: Conversation;
  readonly isOpen: boolean;
}

export const ConversationRow = memo(({ conversation, isOpen }: Properties): JSX.Element => {
  const { id, participant, recipient_id, last_activity_at, last_message, unread } = conversation;
  const name = nameOf(participant, text.unknownPerson);
  const draft = useStore(drafts, (all) => all[id]?.text);
  const now = useStore(clock, (ms) => Math.floor(ms / 60_000) * 60_000);
  return (
    <div class={`row ${isOpen ? 'open' : ''} ${unread ? 'unread' : ''}`}>
      <button
        type="button"
        class="row-main"
        {...(isOpen && { 'aria-current': 'true' as const })}
        onClick={() => openThread(id)}
      >
        <Avatar participant={participant} />
        <span class="row-words">
          <span class="row-line">
            <bdi class="row-name">{name}</bdi>
            <time dateTime={last_activity_at} title={fullTime(last_activity_at)}>
              {shortTime(last_activity_at, now, text)}
            </time>
          </span>
          <span class="row-line">
            <span class="row-preview">
              {draft ? <span class="draft">Draft: </span> : null}
              <bdi>{draft || previewOf(last_message)}</bdi>
            </span>
            {unread && <span class="dot" role="img" aria-label={text.list.unread} />}
          </span>
          <span class="row-line">
            <WindowBadge conversation={conversation} />
          </span>
        </span>
      </button>
      <span class="row-actions">
        <button
          type="button"
          class="link-button"
          aria-label={text.list.useIdOf(name)}
          title={recipient_id}
          onClick={() => fillInRecipient(recipient_id)}
        >
          {text.list.useId}
        </button>
        <CopyButton value={recipient_id} label={text.list.copyIdOf(name)} />
      </span>
    </div>
  );
});
