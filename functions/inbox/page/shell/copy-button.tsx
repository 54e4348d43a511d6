import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { announce } from '../store/app.ts';
import { text } from '../text.ts';
import { IconButton } from './icon-button.tsx';

/** Copies with one click, and says so. */
export function CopyButton({
  value,
  label,
}: {
  readonly value: string;
  readonly label: string;
}): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    announce(text.copied);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <IconButton
      icon={isCopied ? 'check' : 'copy'}
      label={isCopied ? text.copied : label}
      size={16}
      class="small"
      onClick={() => void copy()}
    />
  );
}
