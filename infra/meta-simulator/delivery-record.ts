/** What became of one POST to the webhook. */
export interface DeliveryRecord {
  readonly id: string;
  /** When it was first due, by the simulated clock. */
  readonly atMs: number;
  /** What its updates are: `message`, `echo`, `reaction`, `comments` … */
  readonly kinds: readonly string[];
  readonly payload: unknown;
  readonly tries: number;
  /** Of the last answer; absent when there was none. */
  readonly status?: number;
  /** `lost`: by a fault, never posted. `dropped`: given up, or nobody to deliver to. */
  readonly state: 'waiting' | 'delivered' | 'dropped' | 'lost';
  readonly nextTryAtMs?: number;
  /** Real time from the last post to its answer. */
  readonly tookMs?: number;
}

export type DeliveryChange = Partial<
  Omit<DeliveryRecord, 'nextTryAtMs' | 'status'> & {
    readonly nextTryAtMs: number | undefined;
    readonly status: number | undefined;
  }
>;

export type DeliveryListener = (record: DeliveryRecord) => void;

const keptRecords = 500;
const keptPayloadBytes = 4 * 1024 * 1024;

/** The newest deliveries, oldest first, bounded in number and in bytes. */
export class DeliveryLog {
  readonly #records = new Map<string, DeliveryRecord>();
  readonly #bytes = new Map<string, number>();
  readonly #listeners = new Set<DeliveryListener>();
  #totalBytes = 0;
  #count = 0;

  list(): readonly DeliveryRecord[] {
    return [...this.#records.values()];
  }

  find(id: string): DeliveryRecord | undefined {
    return this.#records.get(id);
  }

  add(record: Omit<DeliveryRecord, 'id'>, bytes: number): DeliveryRecord {
    this.#count += 1;
    const added = { id: String(this.#count), ...record };
    this.#records.set(added.id, added);
    this.#bytes.set(added.id, bytes);
    this.#totalBytes += bytes;
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= keptRecords && this.#totalBytes <= keptPayloadBytes) break;
      if (oldest !== added.id) this.#forget(oldest);
    }
    this.#tell(added);
    return added;
  }

  /** The record with the change; it is told also when it is no longer kept. */
  change(record: DeliveryRecord, { nextTryAtMs, status, ...change }: DeliveryChange): DeliveryRecord {
    const { nextTryAtMs: _, status: __, ...rest } = record;
    const changed = {
      ...rest,
      ...change,
      ...(status === undefined ? {} : { status }),
      ...(nextTryAtMs === undefined ? {} : { nextTryAtMs }),
    };
    if (this.#records.has(record.id)) this.#records.set(record.id, changed);
    this.#tell(changed);
    return changed;
  }

  /** Returns what ends it. */
  listen(listener: DeliveryListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #forget(id: string): void {
    this.#totalBytes -= this.#bytes.get(id) ?? 0;
    this.#bytes.delete(id);
    this.#records.delete(id);
  }

  #tell(record: DeliveryRecord): void {
    for (const listener of this.#listeners) listener(record);
  }
}
