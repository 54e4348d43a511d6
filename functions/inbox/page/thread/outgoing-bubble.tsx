import type { JSX } from 'preact';
import { changeDraft } from '../composer/drafts.ts';
import { mediaOf, type Outgoing, textOf } from '../composer/outgoing.ts';
import { discard, sendAgain } from '../composer/send.ts';
import { previewUrls } from '../composer/upload.ts';
import { Icon } from '../shell/icons.tsx';
import { connectionStore, threadsStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { MessageText } from './message-text.tsx';

/** A message of ours on its way: shown at once, with what became of it and what can be done. */
export function OutgoingBubble({ outgoing }: { readonly outgoing: Outgoing }): JSX.Element {
  const { state } = outgoing;
  const isTrouble = state === 'failed' || state === 'unknown' || state === 'answered_meanwhile';
  const said = textOf(outgoing);
  const isBare = said === undefined && ['image', 'sticker'].includes(mediaOf(outgoing) ?? '');
  return (
    <li
      class={`message out first last pending ${isTrouble ? 'trouble' : ''}`}
      data-outgoing={state}
      tabIndex={-1}
    >
      <div class="bubble-line">
        <div class={`bubble ${isBare ? 'bare' : ''}`}>
          <MediaPreview outgoing={outgoing} />
          {said !== undefined && <MessageText text={said} />}
        </div>
      </div>
      {isTrouble ? <Trouble outgoing={outgoing} /> : <Progress outgoing={outgoing} />}
    </li>
  );
}

function MediaPreview({ outgoing }: { readonly outgoing: Outgoing }): JSX.Element | null {
  const kind = mediaOf(outgoing);
  if (kind === undefined || kind === 'text') return null;
  if (kind === 'sticker') return <span class="message-text large">❤️</span>;
  const { message } = outgoing.request;
  const source = typeof message === 'string' ? undefined : message[kind];
  const url = source && ('url' in source ? source.url : previewUrls.get(source.upload_id));
  if (kind === 'image' && url !== undefined) {
    return (
      <span class="media-photo">
        <img src={url} alt={text.composer.kinds.image} />
      </span>
    );
  }
  return (
    <p class="placeholder">
      <Icon name="file" size={18} /> {text.composer.kinds[kind]}
    </p>
  );
}

function Progress({ outgoing: { state } }: { readonly outgoing: Outgoing }): JSX.Element {
  const isAway = useStore(
    connectionStore,
    ({ isOnline, failingSinceMs }) => !isOnline || failingSinceMs !== undefined,
  );
  const words: Readonly<Record<string, string>> = {
    waiting: isAway ? text.send.waitingForConnection : text.send.waiting,
    posting: text.send.posting,
    accepted: text.send.accepted,
    sent: text.send.sent,
  };
  return <p class="marks">{words[state]}</p>;
}

function Trouble({ outgoing }: { readonly outgoing: Outgoing }): JSX.Element {
  const { key, conversationId, state, trouble } = outgoing;
  const said = textOf(outgoing);
  const again = () => {
    const newest = threadsStore
      .get()
      [conversationId]?.thread.messages.findLast(({ id }) => !id.startsWith('entry_'));
    sendAgain(outgoing, newest?.id);
  };
  const edit = () => {
    changeDraft(conversationId, (draft) => ({
      ...draft,
      text: draft.text === '' ? (said ?? '') : `${said}\n${draft.text}`,
    }));
    discard(key);
    document.querySelector<HTMLElement>('#composer-text')?.focus();
  };
  const [title, hint] =
    state === 'answered_meanwhile'
      ? [text.send.answered, text.send.answeredHint]
      : state === 'unknown'
        ? [text.send.unknown, text.send.unknownHint]
        : [text.send.failed, trouble?.message];
  return (
    <div class="send-trouble" role="alert">
      <p>
        <Icon name="warning" size={16} /> <strong>{title}</strong>
      </p>
      <p>{hint}</p>
      <p class="send-actions">
        <button type="button" class="plain" onClick={again}>
          {state === 'failed' ? text.send.again : text.send.anyway}
        </button>
        {said !== undefined && (
          <button type="button" class="plain" onClick={edit}>
            {text.send.edit}
          </button>
        )}
        <button type="button" class="plain" onClick={() => discard(key)}>
          {text.send.discard}
        </button>
      </p>
    </div>
  );
}
