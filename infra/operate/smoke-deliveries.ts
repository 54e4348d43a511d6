import { StepFailed } from './gateway-client.ts';
import type { DeliveryKind } from './test-deliveries.ts';

export interface SmokeDelivery {
  readonly kind: DeliveryKind;
  readonly mid: string;
  readonly text: string;
}

/** What a run delivers: text that breaks careless code, the App Dashboard's form, and one more for later. */
export function smokeDeliveries(run: string): readonly [SmokeDelivery, SmokeDelivery, SmokeDelivery] {
  return [
    { kind: 'message', mid: `smoke_${run}_1`, text: `Räksmörgås 🎉 </script> ${run}` },
    { kind: 'changes', mid: `smoke_${run}_2`, text: `From changes[] ${run}` },
    { kind: 'message', mid: `smoke_${run}_3`, text: `After the repetition ${run}` },
  ];
}

/** `true` when each is there, `undefined` while one is missing. Throws `StepFailed` on what waiting cannot mend. */
export function allOnce(
  expected: readonly SmokeDelivery[],
  read: readonly { readonly id: string; readonly text?: string | undefined }[],
): true | undefined {
  let complete = true;
  for (const { mid, text } of expected) {
    const copies = read.filter(({ id }) => id === mid);
    if (copies.length > 1) throw new StepFailed(`${mid} is there ${copies.length} times`);
    const [only] = copies;
    if (!only) complete = false;
    else if (only.text !== text) {
      throw new StepFailed(`${mid} reads ${JSON.stringify(only.text)} instead of ${JSON.stringify(text)}`);
    }
  }
  return complete || undefined;
}
