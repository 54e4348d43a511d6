import type { Conversation } from '../api/shapes.ts';

type Participant = Conversation['participant'];

/** As the seed's page named people: the username, else the name, else nobody known. */
export function nameOf({ name, username }: Participant, unknown: string): string {
  return name?.trim() || username?.trim() || unknown;
}

export function initialsOf({ name, username }: Participant): string {
  const words = (name?.trim() || username?.trim() || '?').split(/[\s._-]+/u).filter((word) => word !== '');
  const letters = words.slice(0, 2).map((word) => String.fromCodePoint(word.codePointAt(0) ?? 63));
  return letters.join('').toLocaleUpperCase() || '?';
}

export const toneCount = 6;

/** The same person has the same colour each time. */
export function toneOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % toneCount;
}
