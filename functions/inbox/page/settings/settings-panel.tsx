import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { playSound } from '../notify/sound.ts';
import { signOut } from '../session/session.ts';
import { SidePanel } from '../shell/panel.tsx';
import { sessionStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { clockTime } from '../time/format.ts';
import { SavedRepliesEditor } from './saved-replies-editor.tsx';
import { changeSettings, settings } from './settings.ts';

export function SettingsPanel(): JSX.Element {
  const { tellsSeen, tellsTyping, playsSound, notifies } = useStore(settings);
  const session = useStore(sessionStore);
  const [isBlocked, setBlocked] = useState(false);
  const setNotifies = async (isWanted: boolean) => {
    // Asked for by this click alone, and only once: the browser remembers the answer.
    const permission =
      isWanted && 'Notification' in window ? await Notification.requestPermission() : 'denied';
    setBlocked(isWanted && permission !== 'granted');
    changeSettings({ notifies: isWanted && permission === 'granted' });
  };
  return (
    <SidePanel title={text.settings.title}>
      <fieldset>
        <legend>{text.settings.device}</legend>
        <Switch
          label={text.settings.sound}
          isOn={playsSound}
          onChange={(isOn) => {
            changeSettings({ playsSound: isOn });
            if (isOn) playSound();
          }}
        />
        <Switch label={text.settings.desktop} isOn={notifies} onChange={(isOn) => void setNotifies(isOn)} />
        {isBlocked && (
          <p class="field-error" role="alert">
            {text.settings.desktopBlocked}
          </p>
        )}
      </fieldset>
      <fieldset>
        <legend>{text.settings.customer}</legend>
        <Switch
          label={text.settings.seen}
          isOn={tellsSeen}
          onChange={(isOn) => changeSettings({ tellsSeen: isOn })}
        />
        <Switch
          label={text.settings.typing}
          isOn={tellsTyping}
          onChange={(isOn) => changeSettings({ tellsTyping: isOn })}
        />
      </fieldset>
      <SavedRepliesEditor />
      {session.phase === 'signed_in' && (
        <section class="session">
          <h3>{text.settings.session}</h3>
          <p>
            <bdi>{text.settings.signedInAs(session.session.name)}</bdi>{' '}
            <span class="quiet">{text.settings.until(clockTime(session.session.expires_at))}</span>
          </p>
          <button type="button" class="secondary" onClick={() => void signOut()}>
            {text.settings.signOut}
          </button>
        </section>
      )}
    </SidePanel>
  );
}

interface SwitchProperties {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ label, isOn, onChange }: SwitchProperties): JSX.Element {
  return (
    <label class="switch">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          // The setting decides: a refused permission leaves it off.
          event.currentTarget.checked = isOn;
          onChange(wanted);
        }}
      />
    </label>
  );
}
