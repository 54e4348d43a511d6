import type { Conversations } from './seed-shape.ts';

/** A Lambda answers at most 6 MB. */
const maxDataBytes = 5_000_000;

/** Leaves out the oldest conversations that do not fit into one answer, and says so. */
export function withinAnswerSize({ data, warnings }: Conversations): Conversations {
  let bytes = 0;
  const fitting = data.findIndex((conversation) => {
    bytes += Buffer.byteLength(JSON.stringify(conversation)) + 1;
    return bytes > maxDataBytes;
  });
  if (fitting === -1) return { data, warnings };
  return {
    data: data.slice(0, fitting),
    warnings: [
      ...warnings,
      `${data.length - fitting} conversations did not fit into one answer: ask for fewer messages of each, with messages=.`,
    ],
  };
}
