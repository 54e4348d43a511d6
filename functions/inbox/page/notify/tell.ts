import type { Conversation } from '../api/shapes.ts';
import { nameOf } from '../conversations/name-of.ts';
import { previewOf } from '../conversations/preview.ts';
import { settings } from '../settings/settings.ts';
import { openThread } from '../shell/navigate.ts';
import { announce, viewStore } from '../store/app.ts';
import { text } from '../text.ts';
import { isLookedAt, newsIn } from './news.ts';
import { playSound } from './sound.ts';

type Rows = Readonly<Record<string, Conversation>>;

/** Tells of new messages: aloud to screen readers, and by sound and notification where these are wanted. */
export function tellNews(before: Rows, after: Rows): void {
  const { openId } = viewStore.get();
  const news = newsIn(before, after).filter(({ id }) => !isLookedAt(id, openId, document.hasFocus()));
  const [first] = news;
  if (!first) return;
  announce(
    news.length === 1
      ? text.news.from(nameOf(first.participant, text.unknownPerson), previewOf(first.last_message))
      : text.news.several(news.length),
  );
  if (settings.get().playsSound) playSound();
  if (settings.get().notifies) for (const conversation of news.slice(0, 3)) notify(conversation);
}

function notify({ id, participant, last_message }: Conversation): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(nameOf(participant, text.unknownPerson), {
    body: previewOf(last_message),
    // A newer message of the same person takes the place of the one before.
    tag: id,
  });
  shown.addEventListener('click', () => {
    window.focus();
    openThread(id);
    shown.close();
  });
}
