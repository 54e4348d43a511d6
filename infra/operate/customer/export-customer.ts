import type { CustomerParts } from './forget-customer.ts';
import { findHeld, type HeldItem, type ItemKind } from './held-items.ts';
import { findPerson } from './person.ts';
import { sweepQueue } from './queued-traces.ts';

/** A line of an export. */
export interface ExportedLine {
  readonly kind: ItemKind | 'queued message' | 'dead letter';
  /** As it is stored (docs/store.md), with what is stored as JSON read; of a queue, the message's body. */
  readonly data: unknown;
  /** Of what waits in a queue. */
  readonly queue?: string;
}

/** All that the gateway holds of one customer, under every id that is known to be the same person. */
export async function exportCustomer(parts: CustomerParts): Promise<readonly ExportedLine[]> {
  const { client, tableName, asked, sqs, queues, onProgress } = parts;
  const person = await findPerson(client, tableName, asked);
  const { items } = await findHeld(client, tableName, person, onProgress);
  const lines: ExportedLine[] = items.map(({ kind, item }) => ({ kind, data: readable(item) }));
  for (const queue of queues) {
    const { bodies, isDeadLetters } = await sweepQueue(sqs, queue, person, {
      upToMs: Number.POSITIVE_INFINITY,
      isErasing: false,
    });
    for (const body of bodies) {
      lines.push({
        kind: isDeadLetters ? 'dead letter' : 'queued message',
        queue: queue.name,
        data: read(body),
      });
    }
  }
  return lines;
}

/** Members that are stored as JSON, since an item allows 32 levels alone. */
const storedAsJson = ['content', 'row', 'raw'];

function readable(item: HeldItem['item']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      if (value instanceof Set) return [name, [...value]];
      return [name, storedAsJson.includes(name) && typeof value === 'string' ? read(value) : value];
    }),
  );
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
