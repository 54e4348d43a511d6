import type { ButtonHTMLAttributes, JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface Properties extends Omit<ButtonHTMLAttributes, 'class' | 'icon' | 'label' | 'size'> {
  readonly icon: IconName;
  /** Read out, and shown as a tooltip. */
  readonly label: string;
  readonly size?: number;
  readonly class?: string;
}

export function IconButton({ icon, label, size, class: more = '', ...rest }: Properties): JSX.Element {
  return (
    <button type="button" aria-label={label} title={label} class={`icon-button ${more}`} {...rest}>
      <Icon name={icon} {...(size !== undefined && { size })} />
    </button>
  );
}
