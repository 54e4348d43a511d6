import type { FindingCode } from '../../../../shared/account/finding-catalogue.ts';

export interface StackState {
  readonly state: string;
  readonly code: FindingCode;
  /** How many functions the AWS account may run at once. */
  readonly concurrency?: number;
  /** The stack's output. */
  readonly alarmsTo?: string;
  readonly queue?: { readonly deadLetters: number };
}

/** What can be wrong with a deployed gateway, and is seen at AWS alone. */
export const stackStates: readonly StackState[] = [
  { state: 'a new AWS account', code: 'lambda_concurrency_low', concurrency: 10 },
  { state: 'no address for alarms', code: 'alarm_address_unset', alarmsTo: 'nobody' },
];
