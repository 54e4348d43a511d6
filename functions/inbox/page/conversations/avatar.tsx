import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Conversation } from '../api/shapes.ts';
import { httpUrl } from '../thread/text-parts.ts';
import { initialsOf, toneOf } from './name-of.ts';

interface Properties {
  readonly participant: Conversation['participant'];
  readonly class?: string;
}

/** The picture, or the initials until it is there and where it no longer loads: Meta's links expire. */
export function Avatar({ participant, class: more = '' }: Properties): JSX.Element {
  const url = participant.profile_pic === undefined ? undefined : httpUrl(participant.profile_pic);
  const [failed, setFailed] = useState<string>();
  return (
    <span class={`avatar tone-${toneOf(participant.id)} ${more}`} aria-hidden="true">
      {initialsOf(participant)}
      {url !== undefined && url !== failed && (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setFailed(url)} />
      )}
    </span>
  );
}
