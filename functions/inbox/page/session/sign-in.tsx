import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api/request.ts';
import { messageOf } from '../store/connection.ts';
import { text } from '../text.ts';
import { signIn } from './session.ts';

export type SignInReason = 'ended' | 'refused' | 'no_answer';

export function SignIn({ reason }: { readonly reason: SignInReason | undefined }): JSX.Element {
  const [key, setKey] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | undefined>(reason && wordsOf[reason]);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(key);
    } catch (failure) {
      setError(
        failure instanceof ApiError && failure.status === 401 ? text.signIn.refused : messageOf(failure),
      );
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form class="form" onSubmit={(event) => void submit(event)}>
        <p class="quiet">{text.product}</p>
        <h1>{text.signIn.title}</h1>
        {error !== undefined && (
          <p class="outcome failure" role="alert">
            {error}
          </p>
        )}
        <label>
          {text.signIn.key}
          <input
            type="password"
            required
            autocomplete="current-password"
            spellcheck={false}
            value={key}
            onInput={({ currentTarget }) => setKey(currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? text.signIn.signingIn : text.signIn.submit}
        </button>
        <p class="quiet">{text.signIn.hint}</p>
        <p class="quiet">{text.signIn.where}</p>
        <code class="command">{text.signIn.command}</code>
      </form>
    </main>
  );
}

const wordsOf: Readonly<Record<SignInReason, string>> = {
  ended: text.signIn.ended,
  refused: text.signIn.refused,
  no_answer: text.signIn.noAnswer,
};
