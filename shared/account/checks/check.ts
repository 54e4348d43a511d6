import type { Finding, Unchecked } from '../findings.ts';
import type { Seen } from '../seen.ts';

/** What one subject's check says: nothing, when all is well. */
export interface Said {
  readonly findings?: readonly Finding[];
  readonly unchecked?: readonly Unchecked[];
}

export type Check = (seen: Seen) => Said;

export const found = (...findings: readonly Finding[]): Said => ({ findings });

export const unchecked = (check: string, why: string): Said => ({ unchecked: [{ check, why }] });

export const nothing: Said = {};

export function together(...said: readonly Said[]): Said {
  return {
    findings: said.flatMap(({ findings = [] }) => findings),
    unchecked: said.flatMap(({ unchecked: each = [] }) => each),
  };
}
