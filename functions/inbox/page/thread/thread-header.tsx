import type { JSX } from 'preact';
import type { Conversation } from '../api/shapes.ts';
import { Avatar } from '../conversations/avatar.tsx';
import { WindowBadge } from '../conversations/window-badge.tsx';
import { CopyButton } from '../shell/copy-button.tsx';
import { IconButton } from '../shell/icon-button.tsx';
import { closeThread, useRecipient as fillInRecipient } from '../shell/navigate.ts';
import { text } from '../text.ts';

interface Properties {
  readonly conversation: Conversation | undefined;
  readonly name: string;
}

export function ThreadHeader({ conversation, name }: Properties): JSX.Element {
  const username = conversation?.participant.username;
  return (
    <header class="thread-header">
      <IconButton icon="back" label={text.thread.back} class="back" onClick={closeThread} />
      {conversation && <Avatar participant={conversation.participant} class="small" />}
      <div class="thread-who">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        {conversation && (
          <p class="quiet">
            {username !== undefined && username !== name && <bdi class="username">@{username}</bdi>}
            <span class="recipient-id">{conversation.recipient_id}</span>
            <CopyButton value={conversation.recipient_id} label={text.list.copyIdOf(name)} />
            <button
              type="button"
              class="link-button"
              aria-label={text.list.useIdOf(name)}
              onClick={() => fillInRecipient(conversation.recipient_id)}
            >
              {text.list.useId}
            </button>
          </p>
        )}
      </div>
      {conversation && <WindowBadge conversation={conversation} />}
    </header>
  );
}
