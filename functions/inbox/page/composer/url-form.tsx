import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { MediaKind } from '../api/shapes.ts';
import { text } from '../text.ts';
import type { Attached } from './upload.ts';

const kinds: readonly MediaKind[] = ['image', 'video', 'audio', 'file'];

/** Attaches what stands at an address, which Instagram fetches itself. */
export function UrlForm({ onAttach }: { readonly onAttach: (attached: Attached) => void }): JSX.Element {
  const [url, setUrl] = useState('');
  const [kind, setKind] = useState<MediaKind>('image');
  const [isWrong, setWrong] = useState(false);
  const add = (event: Event) => {
    event.preventDefault();
    const address = url.trim();
    if (!URL.canParse(address) || !/^https:|^http:\/\/(?:127|localhost)/.test(address)) return setWrong(true);
    const name = new URL(address).pathname.split('/').at(-1) || address;
    onAttach({ key: crypto.randomUUID(), name, kind, source: { url: address } });
  };
  return (
    <form class="url-form" onSubmit={add} noValidate>
      <label>
        {text.composer.urlLabel}
        <input
          type="url"
          value={url}
          placeholder={text.composer.urlHint}
          aria-invalid={isWrong}
          onInput={({ currentTarget }) => {
            setUrl(currentTarget.value);
            setWrong(false);
          }}
        />
      </label>
      {isWrong && (
        <p class="field-error" role="alert">
          {text.composer.notHttps}
        </p>
      )}
      <div class="url-form-line">
        <label>
          {text.composer.urlKind}
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value as MediaKind)}>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {text.composer.kinds[each]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="secondary">
          {text.composer.add}
        </button>
      </div>
    </form>
  );
}
