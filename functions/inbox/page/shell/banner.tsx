import type { JSX } from 'preact';
import { refreshList } from '../conversations/list-loader.ts';
import { connectionStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { refreshThread } from '../thread/thread-loader.ts';
import { clock } from '../time/clock.ts';
import { ago } from '../time/format.ts';
import { Icon } from './icons.tsx';

/** Says when what is shown may be old, and since when. */
export function ConnectionBanner(): JSX.Element {
  const { isOnline, failingSinceMs, lastAnswerAtMs } = useStore(connectionStore);
  const now = Math.max(useStore(clock), failingSinceMs ?? 0);
  const isTrouble = !isOnline || failingSinceMs !== undefined;
  return (
    <div role="status" class="banner-place">
      {isTrouble && (
        <div class="banner">
          <Icon name="warning" size={18} />
          <p>
            {isOnline ? text.banner.failing : text.banner.offline}{' '}
            {lastAnswerAtMs !== undefined && text.banner.stale(ago(now - lastAnswerAtMs))}{' '}
            {text.banner.waiting}
          </p>
          <button
            type="button"
            class="plain"
            onClick={() => {
              refreshList();
              refreshThread();
            }}
          >
            {text.tryAgain}
          </button>
        </div>
      )}
    </div>
  );
}
