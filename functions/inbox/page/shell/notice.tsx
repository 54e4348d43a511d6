import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface Properties {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly icon?: IconName;
  readonly isError?: boolean;
}

/** An empty or failed place: what is so, and what can be done. */
export function Notice({ title, children, icon, isError = false }: Properties): JSX.Element {
  return (
    <div class={`notice ${isError ? 'error' : ''}`} {...(isError && { role: 'alert' })}>
      {icon && <Icon name={icon} size={32} />}
      <p class="notice-title">{title}</p>
      {children}
    </div>
  );
}
