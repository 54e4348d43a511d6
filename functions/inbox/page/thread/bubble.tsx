import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Message } from '../api/shapes.ts';
import { memo } from '../shell/memo.ts';
import { BubbleActions } from './bubble-actions.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageMarks } from './message-marks.tsx';
import { Quote } from './quote.tsx';
import { react } from './react.ts';
import { Reactions } from './reactions.tsx';

export interface BubbleProperties {
  readonly message: Message;
  readonly conversationId: string;
  readonly recipientId: string;
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isSeenMark: boolean;
  readonly mayReply: boolean;
  readonly quoted: Message | undefined;
  readonly onReply: (message: Message) => void;
}

export const Bubble = memo((properties: BubbleProperties): JSX.Element => {
  const { message, conversationId, recipientId, name, isFirst, isLast, mayReply, quoted } = properties;
  const { id, direction, kind, reactions = [], reply_to } = message;
  const side = direction === 'out' ? 'out' : 'in';
  const isUnsent = kind === 'deleted';
  // Made when they are wanted: they are most of what a thread of many bubbles would hold.
  const [hasActions, setHasActions] = useState(false);
  const wanted = () => setHasActions(true);
  const setReaction = (emoji: string | undefined) =>
    void react({ conversationId, recipientId, messageId: id, emoji });
  return (
    <li
      class={`message ${side} ${isFirst ? 'first' : ''} ${isLast ? 'last' : ''} ${isUnsent ? 'unsent' : ''}`}
      data-message={id}
      tabIndex={-1}
      onPointerEnter={wanted}
      onFocusIn={wanted}
    >
      <div class="bubble-line">
        <div class={`bubble ${isBare(message) ? 'bare' : ''}`}>
          {reply_to && 'mid' in reply_to && !isUnsent && <Quote quoted={quoted} name={name} />}
          <MessageBody message={message} conversationId={conversationId} />
        </div>
        {hasActions && !isUnsent && (
          <BubbleActions
            message={message}
            mayReply={mayReply}
            onReply={() => properties.onReply(message)}
            onReact={setReaction}
          />
        )}
      </div>
      {reactions.length > 0 && !isUnsent && (
        <Reactions reactions={reactions} mayReact={mayReply} onRemove={() => setReaction(undefined)} />
      )}
      <MessageMarks message={message} isLast={isLast} isSeenMark={properties.isSeenMark} />
    </li>
  );
});

/** A lone photo or video is its own bubble. */
function isBare({ kind, text, attachments = [], reply_to }: Message): boolean {
  if (kind !== 'attachment' || text !== undefined || reply_to) return false;
  return (
    attachments.length > 0 &&
    attachments.every(({ type }) => type === 'image' || type === 'video' || type === 'like_heart')
  );
}
