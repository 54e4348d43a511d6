import type { JSX } from 'preact';
import { text } from '../text.ts';

/** What came, for whoever wants to know: as text. */
export function RawView({ raw }: { readonly raw: unknown }): JSX.Element | null {
  if (raw === undefined) return null;
  return (
    <details class="raw">
      <summary>{text.thread.showRaw}</summary>
      <pre>{JSON.stringify(raw, null, 2)}</pre>
    </details>
  );
}
