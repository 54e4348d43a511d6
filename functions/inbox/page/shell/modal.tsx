import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text.ts';
import { IconButton } from './icon-button.tsx';

interface Properties {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
}

/** The browser's own dialog: it keeps the focus inside, closes by Esc and gives the focus back. */
export function Modal({ title, onClose, children, class: more = '' }: Properties): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog ref={dialog} class={`modal ${more}`} aria-label={title} onClose={onClose}>
      <header class="panel-top">
        <h2>{title}</h2>
        <IconButton icon="close" label={text.close} onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
