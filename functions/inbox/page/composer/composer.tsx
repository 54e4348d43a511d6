import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Conversation, Message } from '../api/shapes.ts';
import { mayWrite, windowNow } from '../conversations/window-now.ts';
import { IconButton } from '../shell/icon-button.tsx';
import { Icon } from '../shell/icons.tsx';
import { sessionStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { AttachmentTray } from './attachment-tray.tsx';
import { ComposerTools } from './composer-tools.tsx';
import { LengthMeter, SplitPreview } from './length-meter.tsx';
import { MessageField } from './message-field.tsx';
import { acceptedTypes } from './upload.ts';
import { useComposer } from './use-composer.ts';

interface Properties {
  readonly id: string;
  readonly conversation: Conversation | undefined;
  readonly maySend: boolean;
  readonly messages: readonly Message[];
}

/** Where a message is written, or why none can be. */
export function Composer({ id, conversation, maySend, messages }: Properties): JSX.Element {
  const now = useStore(clock);
  const isPerson = useStore(
    sessionStore,
    (session) => session.phase === 'signed_in' && session.session.kind === 'human',
  );
  if (!maySend) return <ClosedComposer reason={text.window.readOnly} />;
  if (!conversation) return <ClosedComposer reason={text.window.checking} />;
  const window = windowNow(conversation, now);
  if (!mayWrite(window)) {
    return (
      <ClosedComposer
        reason={('reason' in window && text.window.why[window.reason]) || text.window.expired}
      />
    );
  }
  if (window.state === 'human_agent' && !isPerson)
    return <ClosedComposer reason={text.window.personNeeded} />;
  const hint =
    window.state === 'human_agent'
      ? text.window.why.human_agent
      : window.state === 'unknown'
        ? text.window.why.customer_acted
        : undefined;
  return <OpenComposer id={id} conversation={conversation} messages={messages} hint={hint} />;
}

function ClosedComposer({ reason }: { readonly reason: string }): JSX.Element {
  return (
    <div class="composer closed" role="note">
      <Icon name="warning" size={18} />
      <p>{reason}</p>
    </div>
  );
}

interface OpenProperties extends Omit<Properties, 'maySend'> {
  readonly conversation: Conversation;
  readonly hint: string | undefined;
}

function OpenComposer({ id, conversation, messages, hint }: OpenProperties): JSX.Element {
  const composer = useComposer({ id, conversation, messages });
  const { draft, attached, length, canSend } = composer;
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);

  const insert = (piece: string) => {
    const { selectionStart: from = draft.text.length, selectionEnd: to = from } = field.current ?? {};
    composer.setText(draft.text.slice(0, from) + piece + draft.text.slice(to));
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(from + piece.length, from + piece.length));
  };
  const send = () => {
    composer.send();
    field.current?.focus();
  };
  return (
    <form
      class={`composer ${isOver ? 'over' : ''}`}
      aria-label={text.composer.form}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        composer.attachFiles(event.dataTransfer?.files ?? []);
      }}
    >
      {hint !== undefined && <p class="composer-hint">{hint}</p>}
      {draft.replyTo && (
        <div class="replying">
          <Icon name="reply" size={16} />
          <p>
            <span class="quiet">{text.composer.replyingTo}</span> <bdi>{draft.replyTo.excerpt}</bdi>
          </p>
          <IconButton
            icon="close"
            size={16}
            class="small"
            label={text.composer.stopReplying}
            onClick={composer.stopReplying}
          />
        </div>
      )}
      <AttachmentTray attached={attached} onRemove={composer.remove} />
      <SplitPreview length={length} />
      <div class="composer-line">
        <MessageField
          field={field}
          value={draft.text}
          conversation={conversation}
          onChange={composer.setText}
          onSend={send}
          onFiles={(given) => composer.attachFiles(given)}
        />
        <button
          type="submit"
          class="send"
          aria-label={text.composer.send}
          title={text.composer.send}
          disabled={!canSend}
        >
          <Icon name="send" />
        </button>
      </div>
      <div class="composer-foot">
        <ComposerTools
          onFile={() => files.current?.click()}
          onAttach={composer.attach}
          onHeart={composer.heart}
          onEmoji={insert}
          onSaved={() => {
            const before = draft.text === '' || draft.text.endsWith('\n') ? '/' : '\n/';
            insert(before);
            // As typing it would: the field looks for what stands before the caret.
            requestAnimationFrame(() => field.current?.dispatchEvent(new Event('input', { bubbles: true })));
          }}
        />
        <LengthMeter length={length} />
      </div>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept={acceptedTypes}
        aria-label={text.composer.attach}
        onChange={({ currentTarget }) => {
          composer.attachFiles(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
      {isOver && <p class="drop-here">{text.composer.dropHere}</p>}
    </form>
  );
}
