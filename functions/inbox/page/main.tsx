import './page.css';
import { render } from 'preact';
import { observeAnswers } from './api/request.ts';
import { resumeOutgoing } from './composer/send.ts';
import { observeNews } from './conversations/list-loader.ts';
import { tellNews } from './notify/tell.ts';
import { beginSession, signOutHere } from './session/session.ts';
import { App } from './shell/app.tsx';
import { followKeyboard } from './shell/keyboard.ts';
import { followAddress } from './shell/navigate.ts';
import { sessionStore, viewStore } from './store/app.ts';
import { watchConnection } from './store/connection.ts';
import { markSeen } from './thread/thread-loader.ts';
import { learnServerTime, startClock } from './time/clock.ts';

observeAnswers({
  clock: learnServerTime,
  // Before a session the first question is answered 401, which is no end of one.
  signedOut: () => {
    if (sessionStore.get().phase === 'signed_in') signOutHere('ended');
  },
});
observeNews(tellNews);
watchConnection();
startClock();
followAddress();
followKeyboard();
window.addEventListener('online', resumeOutgoing);
window.addEventListener('focus', () => {
  const { openId } = viewStore.get();
  if (openId !== undefined) markSeen(openId);
});

const root = document.querySelector('#app');
if (root) render(<App />, root);
void beginSession();
