import type { JSX } from 'preact';
import { text } from '../text.ts';
import type { Length } from './length.ts';

/** How much of a message is used, and as which messages a longer text goes out. */
export function LengthMeter({ length }: { readonly length: Length }): JSX.Element | null {
  const { bytes, limit, parts, isTooLong } = length;
  const isSplit = bytes > limit;
  return (
    <>
      <p class={`meter ${isSplit ? 'over' : ''}`} id="composer-meter">
        {bytes > 0 && text.composer.bytes(bytes, limit)}
        {isSplit && !isTooLong && ` · ${text.composer.split(parts.length)}`}
      </p>
      {isTooLong && (
        <p class="field-error" role="alert">
          {text.composer.tooLong}
        </p>
      )}
    </>
  );
}

export function SplitPreview({ length }: { readonly length: Length }): JSX.Element | null {
  const { bytes, limit, parts, isTooLong } = length;
  if (bytes <= limit || isTooLong) return null;
  return (
    <section class="split-preview" aria-label={text.composer.split(parts.length)}>
      <ol>
        {parts.map((part, place) => (
          <li key={`${place} ${part.length}`}>
            <span class="quiet">{text.composer.splitPart(place + 1, parts.length)}</span>
            <p dir="auto">{part}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
