import type { JSX } from 'preact';
import type { Message } from '../api/shapes.ts';
import { text } from '../text.ts';
import { clockTime, fullTime } from '../time/format.ts';
import { referralWords } from './message-body.tsx';
import { RawView } from './raw-view.tsx';

/** What happened rather than was said: a line across the thread. */
export function EventLine({ message }: { readonly message: Message }): JSX.Element {
  const { sent_at, raw } = message;
  return (
    <li class="event-line">
      <span dir="auto">{wordsOf(message)}</span>
      {sent_at !== undefined && (
        <time dateTime={sent_at} title={fullTime(sent_at)}>
          {clockTime(sent_at)}
        </time>
      )}
      <RawView raw={raw} />
    </li>
  );
}

function wordsOf({ kind, handover, referral }: Message): string {
  const action = handover?.action;
  switch (kind) {
    case 'handover':
      return (typeof action === 'string' && text.thread.handover[action]) || text.kindNames.handover || '';
    case 'referral':
      return referral ? referralWords(referral) : text.thread.referral;
    case 'optin':
      return text.thread.optin;
    case 'history_start':
      return text.thread.historyStart;
    default:
      return text.thread.event;
  }
}
