import { element } from './element.ts';
import type { ShownFault } from './wire.ts';

type SetFault = (name: string, probability: number, value: number | undefined) => void;

/** Shows each fault with a slider, and a number where it has a value. What is being changed is left alone. */
export function showFaults(list: HTMLElement, faults: readonly ShownFault[], set: SetFault): void {
  for (const fault of faults) {
    const row =
      list.querySelector<HTMLElement>(`[data-fault="${fault.name}"]`) ??
      list.appendChild(faultRow(fault, set));
    const [slider, number] = row.querySelectorAll('input');
    row.classList.toggle('on', fault.probability > 0);
    if (slider && slider !== document.activeElement) slider.value = String(fault.probability);
    if (number && number !== document.activeElement)
      number.value = fault.value === undefined ? '' : String(fault.value);
    const output = row.querySelector('output');
    if (output && slider) output.textContent = Number(slider.value).toFixed(2);
  }
}

function faultRow({ name, valueLabel }: ShownFault, set: SetFault): HTMLElement {
  const id = `fault-${name}`;
  const label = name.replaceAll('_', ' ');
  const output = element('output', { for: id });
  const slider = element('input', { id, type: 'range', min: '0', max: '1', step: '0.05' });
  const number =
    valueLabel === undefined
      ? undefined
      : element('input', { type: 'number', min: '0', step: '1', 'aria-label': `${valueLabel} of ${label}` });
  const change = () => {
    const value = number === undefined || number.value === '' ? undefined : Number(number.value);
    set(name, Number(slider.value), value);
  };
  slider.addEventListener('input', () => output.replaceChildren(Number(slider.value).toFixed(2)));
  slider.addEventListener('change', change);
  number?.addEventListener('change', change);
  return element(
    'li',
    { 'data-fault': name },
    element('label', { for: id }, label),
    slider,
    output,
    number === undefined ? undefined : element('label', { class: 'value' }, valueLabel, number),
  );
}
