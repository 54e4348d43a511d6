import type { Channel } from './channels.ts';

/** A message that is expected within a span of time. */
interface Expected {
  readonly content: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** When it was made, as far as one knows; absent: from `fromMs` on. Of several, the older gets the older message. */
  readonly likelyMs?: number;
  /** Where it was told of already: what comes from there under another id is another message. */
  readonly toldBy?: readonly Channel[];
}

interface Message {
  readonly content: string;
  readonly atMs: number;
  readonly toldBy?: readonly Channel[];
}

const fits = ({ content, fromMs, toMs, toldBy = [] }: Expected, message: Message) =>
  content === message.content &&
  fromMs <= message.atMs &&
  message.atMs <= toMs &&
  !message.toldBy?.some((channel) => toldBy.includes(channel));

/**
 * Gives messages to what is expected, as far as that is certain: among the expected ones that compete for the same
 * messages either each gets one, the oldest the oldest, or none does.
 */
export function matchAll<E extends Expected, M extends Message>(
  expected: readonly E[],
  messages: readonly M[],
): (readonly [E, M])[] {
  return groups(expected, messages).flatMap((group) => {
    const left = [...group.expected];
    const pairs: (readonly [E, M])[] = [];
    for (const message of group.messages.toSorted((a, b) => a.atMs - b.atMs)) {
      // Whose time ends first has the fewest other chances.
      const next = left.filter((each) => fits(each, message)).toSorted((a, b) => a.toMs - b.toMs)[0];
      if (!next) continue;
      left.splice(left.indexOf(next), 1);
      pairs.push([next, message]);
    }
    return left.length === 0 ? inOrder(pairs) : [];
  });
}

/** The same messages, the oldest for who began first, where that fits as well: it is the likelier. */
function inOrder<E extends Expected, M extends Message>(
  pairs: readonly (readonly [E, M])[],
): readonly (readonly [E, M])[] {
  const likely = ({ likelyMs, fromMs }: E) => likelyMs ?? fromMs;
  const expected = pairs.map(([each]) => each).toSorted((a, b) => likely(a) - likely(b));
  const ordered = pairs.flatMap(([, message], place) => {
    const next = expected[place];
    return next && fits(next, message) ? [[next, message] as const] : [];
  });
  return ordered.length === pairs.length ? ordered : pairs;
}

interface Group<E, M> {
  readonly expected: readonly E[];
  readonly messages: readonly M[];
}

/** What competes, directly or by way of others. */
function groups<E extends Expected, M extends Message>(
  expected: readonly E[],
  messages: readonly M[],
): Group<E, M>[] {
  const found: Group<E, M>[] = expected.map((each) => ({
    expected: [each],
    messages: messages.filter((message) => fits(each, message)),
  }));
  return found.reduce<Group<E, M>[]>((joined, next) => {
    const rivals = joined.filter((group) => group.messages.some((each) => next.messages.includes(each)));
    const together = [...rivals, next];
    return [
      ...joined.filter((group) => !rivals.includes(group)),
      {
        expected: together.flatMap((group) => group.expected),
        messages: [...new Set(together.flatMap((group) => group.messages))],
      },
    ];
  }, []);
}
