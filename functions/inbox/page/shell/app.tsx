import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ListPane } from '../conversations/list-pane.tsx';
import { titleOf } from '../notify/news.ts';
import { SendByIdPanel } from '../send-by-id/send-by-id-panel.tsx';
import { SignIn } from '../session/sign-in.tsx';
import { HealthPanel } from '../settings/health-panel.tsx';
import { SettingsPanel } from '../settings/settings-panel.tsx';
import { listStore, sessionStore, viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { ThreadPane } from '../thread/thread-pane.tsx';
import { ConnectionBanner } from './banner.tsx';
import { Help } from './help.tsx';
import { LiveRegion } from './live-region.tsx';

export function App(): JSX.Element | null {
  const session = useStore(sessionStore);
  if (session.phase === 'checking')
    return <main class="sign-in" aria-busy="true" aria-label={text.loading} />;
  if (session.phase === 'signed_out') return <SignIn key={session.reason} reason={session.reason} />;
  return <Inbox />;
}

function Inbox(): JSX.Element {
  const { openId, panel, isHelpShown } = useStore(viewStore);
  useTitle();
  return (
    <div class={`inbox ${openId === undefined ? '' : 'has-thread'} ${panel ? 'has-panel' : ''}`}>
      <ConnectionBanner />
      <div class="panes">
        <ListPane />
        <ThreadPane />
        {panel === 'send_by_id' && <SendByIdPanel />}
        {panel === 'settings' && <SettingsPanel />}
        {panel === 'health' && <HealthPanel />}
      </div>
      {isHelpShown && <Help />}
      <LiveRegion />
    </div>
  );
}

/** The tab tells how many conversations are unread, as far as the list was loaded. */
function useTitle(): void {
  const title = useStore(listStore, ({ list }) => {
    const unread = Object.values(list.rows).filter((row) => row.unread).length;
    return titleOf(unread, list.cursor !== undefined, text.app);
  });
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = text.app;
    };
  }, [title]);
}
