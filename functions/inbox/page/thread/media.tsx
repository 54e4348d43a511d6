import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Attachment } from '../api/shapes.ts';
import { Icon } from '../shell/icons.tsx';
import { text } from '../text.ts';
import { PhotoViewer } from './photo-viewer.tsx';
import { httpUrl } from './text-parts.ts';
import { loadNewest } from './thread-loader.ts';

interface Properties {
  readonly attachment: Attachment;
  readonly conversationId: string;
}

type Trial = 'first' | 'asking' | 'second' | 'gone';

/** A photo, video or voice message. Meta's links expire: it asks once for a fresh one, then says what it was. */
export function Media({ attachment, conversationId }: Properties): JSX.Element {
  const name = text.attachmentName(attachment.type);
  const url = attachment.url === undefined ? undefined : httpUrl(attachment.url);
  const [trial, setTrial] = useState<Trial>('first');
  if (url === undefined) return <GoneMedia name={text.media.noLink} />;
  if (trial === 'gone') return <GoneMedia name={text.media.gone(name)} />;
  const failed = () => {
    if (trial !== 'first') return setTrial('gone');
    setTrial('asking');
    void loadNewest(conversationId, true)
      .catch(() => undefined)
      .then(() => setTrial('second'));
  };
  if (trial === 'asking') return <GoneMedia name={text.media.fetching} isQuiet />;
  return <Playing key={trial} type={attachment.type} name={name} url={url} onFailed={failed} />;
}

interface PlayingProperties {
  readonly type: string;
  readonly name: string;
  readonly url: string;
  readonly onFailed: () => void;
}

function Playing({ type, name, url, onFailed }: PlayingProperties): JSX.Element {
  const [isShown, setShown] = useState(false);
  if (type === 'video' || type === 'audio') {
    // Without captions: they would have to come with the file, and Instagram's messages carry none.
    const Player = type;
    return (
      <Player
        class={`media-${type}`}
        controls
        preload="metadata"
        src={url}
        aria-label={name}
        onError={onFailed}
      />
    );
  }
  return (
    <>
      <button
        type="button"
        class="media-photo"
        aria-label={text.media.open(name)}
        onClick={() => setShown(true)}
      >
        <img src={url} alt="" loading="lazy" decoding="async" onError={onFailed} />
      </button>
      {isShown && <PhotoViewer url={url} onClose={() => setShown(false)} />}
    </>
  );
}

export function GoneMedia({
  name,
  isQuiet = false,
}: {
  readonly name: string;
  readonly isQuiet?: boolean;
}): JSX.Element {
  return (
    <div class="media-gone">
      <Icon name="file" size={22} />
      <span>
        <strong>{name}</strong>
        {!isQuiet && <span class="quiet">{text.media.goneHint}</span>}
      </span>
    </div>
  );
}
