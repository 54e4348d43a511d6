import type { JSX } from 'preact';
import { HealthButton } from '../settings/health-button.tsx';
import { IconButton } from '../shell/icon-button.tsx';
import { togglePanel } from '../shell/navigate.ts';
import { listStore, statusStore, viewStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { refreshThread } from '../thread/thread-loader.ts';
import { clockTime } from '../time/format.ts';
import { ConversationList } from './conversation-list.tsx';
import { refreshList } from './list-loader.ts';
import { ListTools } from './list-tools.tsx';

export function ListPane(): JSX.Element {
  const updatedAtMs = useStore(listStore, (load) => load.updatedAtMs);
  const warnings = useStore(listStore, ({ list }) => list.warnings);
  const username = useStore(statusStore, (status) => status?.account.username);
  return (
    <nav class="list-pane" aria-label={text.list.label}>
      <header class="list-top">
        <div class="list-title">
          <h1>{text.app}</h1>
          {username !== undefined && <bdi class="quiet account">@{username}</bdi>}
        </div>
        <div class="list-buttons">
          <HealthButton />
          <IconButton icon="compose" label={text.byId.title} onClick={() => togglePanel('send_by_id')} />
          <IconButton icon="settings" label={text.settings.title} onClick={() => togglePanel('settings')} />
          <IconButton
            icon="help"
            label={text.help.title}
            onClick={() => viewStore.update((view) => ({ ...view, isHelpShown: true }))}
          />
        </div>
      </header>
      <ListTools />
      {warnings.map((warning) => (
        <p key={warning} class="list-warning">
          {warning}
        </p>
      ))}
      <ConversationList />
      <footer class="list-foot">
        <p class="quiet">
          {text.list.autoRefresh}
          {/* Its line is there before its words, so that the list does not move. */}
          <span class="updated">
            {updatedAtMs === undefined
              ? '\u00a0'
              : text.list.updated(clockTime(new Date(updatedAtMs).toISOString()))}
          </span>
        </p>
        <button
          type="button"
          class="plain"
          onClick={() => {
            refreshList();
            refreshThread();
          }}
        >
          {text.list.refresh}
        </button>
      </footer>
    </nav>
  );
}
