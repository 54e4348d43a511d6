import { readStored, writeStored } from '../store/storage.ts';
import { createStore } from '../store/store.ts';

/** Of this device. */
export interface Settings {
  /** Tells the customer that their message was seen when a thread is opened. */
  readonly tellsSeen: boolean;
  readonly tellsTyping: boolean;
  readonly playsSound: boolean;
  readonly notifies: boolean;
}

const storedAs = 'inbox.settings';
const defaults: Settings = { tellsSeen: false, tellsTyping: false, playsSound: false, notifies: false };

export const settings = createStore<Settings>({
  ...defaults,
  ...readStored<Partial<Settings>>(storedAs, {}),
});

export function changeSettings(part: Partial<Settings>): void {
  settings.update((known) => ({ ...known, ...part }));
  writeStored(storedAs, settings.get());
}
