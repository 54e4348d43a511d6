import type { JSX } from 'preact';
import { Icon } from '../shell/icons.tsx';
import { togglePanel } from '../shell/navigate.ts';
import { statusStore } from '../store/app.ts';
import { useStore } from '../store/use-store.ts';
import { text } from '../text.ts';
import { healthOf } from './health.ts';

/** A dot beside it tells from afar whether something is wrong. */
export function HealthButton(): JSX.Element {
  const health = useStore(statusStore, healthOf);
  const count = useStore(statusStore, (status) => status?.findings.length ?? 0);
  const words =
    count > 0 ? text.health.findings(count) : health === 'well' ? text.health.well : text.health.checking;
  return (
    <button
      type="button"
      class={`icon-button health ${health}`}
      aria-label={`${text.health.title}: ${words}`}
      title={`${text.health.title}: ${words}`}
      onClick={() => togglePanel('health')}
    >
      <Icon name="pulse" />
    </button>
  );
}
