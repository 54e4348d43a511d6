import type { CheckInput } from '../../../shared/account/check-account.ts';
import type { Finding, Unchecked } from '../../../shared/account/findings.ts';
import type { GatewayTable } from '../gateway-table.ts';

/** What the doctor sees of one gateway before it asks Meta. */
export interface GatewaySeen {
  /** Where it is, for people. */
  readonly place: string;
  /** Where its Graph calls go; absent: to Meta's own host. */
  readonly graphUrl?: string;
  /** A simulated Meta stands in for Meta. */
  readonly isSimulated?: true;
  readonly input: Omit<CheckInput, 'nowMs' | 'callback'>;
  /** Its public address, when it is known, with or without the webhook's path. */
  readonly publicUrl?: string;
  /** Where the report is kept, and calls to Meta are counted; absent where no gateway runs. */
  readonly table?: GatewayTable;
  /** What is wrong with the gateway itself. */
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

/** The value, or why it could not be read. */
export async function reading<T>(
  check: string,
  read: () => Promise<T>,
): Promise<{ readonly value?: T; readonly unchecked: readonly Unchecked[] }> {
  try {
    return { value: await read(), unchecked: [] };
  } catch (error) {
    return { unchecked: [{ check, why: why(error) }] };
  }
}

/** In one sentence. */
export function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.message || error.name;
  return `${text.replace(/\.$/, '')}${text.includes(error.name) ? '' : ` (${error.name})`}.`;
}
