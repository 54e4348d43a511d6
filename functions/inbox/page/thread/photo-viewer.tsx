import type { JSX } from 'preact';
import { Modal } from '../shell/modal.tsx';
import { text } from '../text.ts';

export function PhotoViewer({
  url,
  onClose,
}: {
  readonly url: string;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <Modal title={text.media.viewer} onClose={onClose} class="viewer">
      <img src={url} alt={text.media.viewer} />
    </Modal>
  );
}
