import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { SidePanel } from '../shell/panel.tsx';
import { recipientStore } from '../store/app.ts';
import { messageOf } from '../store/connection.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { type SentById, sendById } from './send-by-id.ts';

type Outcome =
  | { readonly state: 'sending' }
  | { readonly state: 'sent'; readonly sent: SentById }
  | { readonly state: 'failed'; readonly words: string };

/** The form for whoever has an id: what was sent leaves it, the recipient stays. */
export function SendByIdPanel(): JSX.Element {
  const recipient = useStore(recipientStore);
  const [message, setMessage] = useState('');
  const [replyTo, setReplyTo] = useState('');
  const [outcome, setOutcome] = useState<Outcome>();
  /** One key for each message: a second press after no answer does not send it twice. */
  const [key, setKey] = useState(() => crypto.randomUUID());

  const changed = () => setKey(crypto.randomUUID());
  const submit = async (event: Event) => {
    event.preventDefault();
    setOutcome({ state: 'sending' });
    try {
      const sent = await sendById({ recipient, message, replyTo }, key);
      setOutcome({ state: 'sent', sent });
      setMessage('');
      setReplyTo('');
      changed();
    } catch (error) {
      setOutcome({ state: 'failed', words: messageOf(error) });
    }
  };
  return (
    <SidePanel title={text.byId.title}>
      <p class="quiet">{text.byId.intro}</p>
      <form class="form" onSubmit={(event) => void submit(event)}>
        <label>
          {text.byId.recipient}
          <input
            required
            value={recipient}
            placeholder={text.byId.recipientHint}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => {
              const value = currentTarget.value.trim();
              recipientStore.update(() => value);
              changed();
            }}
          />
        </label>
        <label>
          {text.byId.message}
          <textarea
            required
            rows={4}
            dir="auto"
            value={message}
            onInput={({ currentTarget }) => {
              setMessage(currentTarget.value);
              changed();
            }}
          />
        </label>
        <label>
          {text.byId.replyTo}
          <input
            value={replyTo}
            placeholder={text.byId.replyToHint}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => {
              setReplyTo(currentTarget.value.trim());
              changed();
            }}
          />
        </label>
        <button type="submit" class="primary" disabled={outcome?.state === 'sending'}>
          {outcome?.state === 'sending' ? text.byId.sending : text.byId.submit}
        </button>
      </form>
      {outcome?.state === 'sent' && (
        <div class="outcome success" role="status">
          <strong>{text.byId.success}</strong>
          {outcome.sent.messageId === undefined ? (
            <p>{text.byId.accepted}</p>
          ) : (
            <p>
              {text.byId.messageId}: <code>{outcome.sent.messageId}</code>
            </p>
          )}
        </div>
      )}
      {outcome?.state === 'failed' && (
        <div class="outcome failure" role="alert">
          {outcome.words}
        </div>
      )}
    </SidePanel>
  );
}
