import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../shell/icons.tsx';
import { text } from '../text.ts';
import { httpUrl } from './text-parts.ts';

/** A story's picture or video; after 24 hours Meta's link leads to nothing. */
export function StoryView({ url }: { readonly url: string | undefined }): JSX.Element {
  const href = url === undefined ? undefined : httpUrl(url);
  const [tried, setTried] = useState<'image' | 'video' | 'gone'>('image');
  if (href === undefined || tried === 'gone') {
    return (
      <div class="story gone">
        <Icon name="heart" size={22} />
        <span>{text.thread.storyGone}</span>
      </div>
    );
  }
  return (
    <a class="story" href={href} target="_blank" rel="noopener noreferrer" aria-label={text.thread.openStory}>
      {tried === 'image' ? (
        <img src={href} alt="" loading="lazy" decoding="async" onError={() => setTried('video')} />
      ) : (
        <video src={href} muted preload="metadata" onError={() => setTried('gone')} />
      )}
    </a>
  );
}
