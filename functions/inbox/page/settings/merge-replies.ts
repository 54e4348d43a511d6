import type { SavedReply } from '../api/shapes.ts';

/** A reply as it stands in the editor. One without an id is new. */
export interface EditedReply {
  readonly key: string;
  readonly id?: string;
  readonly title: string;
  readonly text: string;
  /** What another person made of it meanwhile: the editor's own stays until one of the two is chosen. */
  readonly theirs?: SavedReply;
}

type Words = Pick<SavedReply, 'title' | 'text'>;

const isSame = (a: Words | undefined, b: Words) => a?.title === b.title && a.text === b.text;

export const toEdited = (reply: SavedReply): EditedReply => ({ ...reply, key: reply.id });

/**
 * What is in the editor once another person has saved theirs: what was typed here stays, what was not touched here is
 * as they left it, and where both changed a reply both are shown.
 * @param base what both began with.
 */
export function mergeReplies(
  base: readonly SavedReply[],
  mine: readonly EditedReply[],
  theirs: readonly SavedReply[],
): readonly EditedReply[] {
  const before = new Map(base.map((reply) => [reply.id, reply]));
  const merged = theirs.flatMap((reply): EditedReply[] => {
    const own = mine.find(({ id }) => id === reply.id);
    const old = before.get(reply.id);
    if (!own) return isSame(old, reply) ? [] : [toEdited(reply)];
    if (isSame(old, own) || isSame(own, reply)) return [toEdited(reply)];
    const { theirs: _, ...typed } = own;
    return [isSame(old, reply) ? typed : { ...typed, theirs: reply }];
  });
  const kept = mine.flatMap(({ id, key, title, text }): EditedReply[] => {
    const reply = { key, title, text };
    if (id === undefined) return [reply];
    const isGone = !theirs.some((each) => each.id === id);
    return isGone && !isSame(before.get(id), reply) ? [reply] : [];
  });
  return [...merged, ...kept];
}
