import type { JSX } from 'preact';
import { viewStore } from '../store/app.ts';
import { text } from '../text.ts';
import { Modal } from './modal.tsx';

export function Help(): JSX.Element {
  const close = () => viewStore.update((view) => ({ ...view, isHelpShown: false }));
  return (
    <Modal title={text.help.title} onClose={close}>
      <dl class="keys">
        {text.help.keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
