import type { QueuedFinding } from '../conversations/graph-finding.ts';
import type { ReconcileRun } from './reconcile-store.ts';
import type { ThreadResult } from './reconcile-thread.ts';

/** A difference from Meta that cannot be made good. */
export interface Gap {
  readonly customerId: string;
  readonly messageId: string;
  readonly reason: 'unreadable' | 'absent';
}

/** The gaps among what was found. */
export function gapsIn(findings: readonly QueuedFinding[]): Gap[] {
  return findings.flatMap(({ finding, node, customer_id }) =>
    finding === 'unreadable' || finding === 'absent'
      ? [{ customerId: customer_id, messageId: String(node.id), reason: finding }]
      : [],
  );
}

export const messagesIn = (findings: readonly QueuedFinding[]): number =>
  findings.filter(({ finding }) => finding === 'message').length;

/** Counts what a reconciliation finds. */
export class Tally {
  listed = 0;
  read = 0;
  foreign = 0;
  readonly gaps: Gap[] = [];
  readonly failed: { threadId: string; why: string }[] = [];
  readonly oldContacts = new Set<string>();
  #found = 0;

  add({ customerId, found, isContactOld }: ThreadResult): void {
    this.#found += messagesIn(found);
    this.gaps.push(...gapsIn(found));
    if (isContactOld) this.oldContacts.add(customerId);
  }

  /** @param failing the conversations that cannot be read so far */
  run(isComplete: boolean, failing: number): ReconcileRun {
    const countOf = (reason: Gap['reason']) => this.gaps.filter((gap) => gap.reason === reason).length;
    return {
      reconciled_at: new Date().toISOString(),
      threads_listed: this.listed,
      threads_read: this.read,
      messages_found: this.#found,
      gaps: { unreadable: countOf('unreadable'), absent: countOf('absent') },
      threads_failed: failing,
      is_complete: isComplete,
    };
  }
}
