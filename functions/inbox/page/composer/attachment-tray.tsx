import type { JSX } from 'preact';
import { IconButton } from '../shell/icon-button.tsx';
import { Icon } from '../shell/icons.tsx';
import { text } from '../text.ts';
import type { Attached } from './upload.ts';

interface Properties {
  readonly attached: readonly Attached[];
  readonly onRemove: (key: string) => void;
}

/** The files that go out with the next message. */
export function AttachmentTray({ attached, onRemove }: Properties): JSX.Element | null {
  if (attached.length === 0) return null;
  return (
    <ul class="tray">
      {attached.map(({ key, name, kind, previewUrl, source, error }) => (
        <li key={key} class={`tray-item ${error === undefined ? '' : 'error'}`}>
          {previewUrl === undefined ? <Icon name="file" size={22} /> : <img src={previewUrl} alt="" />}
          <span class="tray-words">
            <bdi>{name}</bdi>
            <span class="quiet" role={error === undefined ? 'status' : 'alert'}>
              {error ?? (source ? text.composer.kinds[kind] : text.composer.uploading)}
            </span>
          </span>
          <IconButton
            icon="close"
            size={16}
            class="small"
            label={text.composer.remove(name)}
            onClick={() => onRemove(key)}
          />
        </li>
      ))}
    </ul>
  );
}
