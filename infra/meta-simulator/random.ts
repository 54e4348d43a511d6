import { createHash } from 'node:crypto';

/** Numbers that repeat exactly with their seed. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from 0 up to, without, `end`. */
  below(end: number): number;
  bytes(length: number): Buffer;
}

/** A stream of its own for each purpose, so that one more draw for one leaves the others as they were. */
export function seededRandom(seed: string, purpose: string): Random {
  let block = Buffer.alloc(0);
  let count = 0;
  const bytes = (length: number): Buffer => {
    while (block.length < length) {
      const more = createHash('sha256').update(`${seed}\n${purpose}\n${count}`).digest();
      count += 1;
      block = Buffer.concat([block, more]);
    }
    const taken = block.subarray(0, length);
    block = block.subarray(length);
    return taken;
  };
  const next = () => bytes(6).readUIntBE(0, 6) / 2 ** 48;
  return {
    next,
    chance: (probability) => next() < probability,
    below: (end) => Math.floor(next() * end),
    bytes,
  };
}
