import type { JSX } from 'preact';
import type { Conversation } from '../api/shapes.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clock } from '../time/clock.ts';
import { fullTime, timeLeft } from '../time/format.ts';
import { windowNow } from './window-now.ts';

/** Whether the business may write now, and for how long. */
export function WindowBadge({ conversation }: { readonly conversation: Conversation }): JSX.Element {
  const now = windowNow(conversation, useStore(clock));
  const { expires_at } = conversation.reply_window;
  const until = expires_at === undefined ? {} : { title: fullTime(expires_at) };
  switch (now.state) {
    case 'open':
      return (
        <Badge
          look={isSoon(now.leftMs) ? 'soon' : 'open'}
          name={text.window.canReply}
          leftMs={now.leftMs}
          {...until}
        />
      );
    case 'human_agent':
      return <Badge look="agent" name={text.window.humanAgent} leftMs={now.leftMs} {...until} />;
    case 'unknown':
      return <Badge look="agent" name={text.window.uncertain} title={text.window.why.customer_acted ?? ''} />;
    case 'never_opened':
      return <Badge look="closed" name={text.window.never} title={text.window.why[now.reason] ?? ''} />;
    case 'closed':
      return (
        <Badge
          look="closed"
          name={now.reason === 'meta_refused' ? text.window.refused : text.window.expired}
          title={text.window.why[now.reason] ?? ''}
        />
      );
  }
}

const soonMs = 2 * 60 * 60 * 1000;
const isSoon = (leftMs: number | undefined) => leftMs !== undefined && leftMs < soonMs;

interface BadgeProperties {
  readonly look: 'open' | 'soon' | 'agent' | 'closed';
  readonly name: string;
  readonly leftMs?: number | undefined;
  readonly title?: string;
}

function Badge({ look, name, leftMs, title }: BadgeProperties): JSX.Element {
  return (
    <span class={`badge ${look}`} {...(title !== undefined && { title })}>
      {name}
      {leftMs !== undefined && (
        <span class="badge-left">
          {' '}
          {timeLeft(leftMs)}
          <span class="badge-word"> {text.window.left}</span>
        </span>
      )}
    </span>
  );
}
