import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { text } from '../text.ts';
import { IconButton } from './icon-button.tsx';
import { showPanel } from './navigate.ts';

interface Properties {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Stands beside the thread, so that list and thread can still be used. */
export function SidePanel({ title, children }: Properties): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <aside class="panel" aria-label={title}>
      <header class="panel-top">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <IconButton icon="close" label={text.close} onClick={() => showPanel(undefined)} />
      </header>
      <div class="panel-body">{children}</div>
    </aside>
  );
}
