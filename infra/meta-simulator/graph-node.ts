import type { Person } from './conversations.ts';
import type { Field } from './fields.ts';
import { unknownField } from './graph-errors.ts';

export interface GraphNode {
  readonly type: string;
  readonly defaults: readonly string[];
  /** A value per field; `undefined` leaves a known field out, as Graph does where there is nothing to tell. */
  readonly values: ReadonlyMap<string, (field: Field) => unknown>;
}

export function node(type: string, defaults: readonly string[], values: Record<string, unknown>): GraphNode {
  return {
    type,
    defaults,
    values: new Map(Object.entries(values).map(([name, value]) => [name, () => value])),
  };
}

/** The node with the fields that are asked for. Throws `GraphError` 100 for one that it does not have. */
export function show(
  { type, defaults, values }: GraphNode,
  fields: readonly Field[] = defaults.map(plainField),
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  // Graph answers every node with its id, asked for or not.
  const wanted = fields.some(({ name }) => name === 'id') ? fields : [...fields, plainField('id')];
  for (const field of wanted) {
    const read = values.get(field.name);
    if (!read) throw unknownField(field.name, type);
    const value = read(field);
    if (value !== undefined) shown[field.name] = value;
  }
  return shown;
}

/** `2025-07-28T22:44:49+0000`, to the second. */
export function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`;
}

export function asParty({ id, username }: Pick<Person, 'id' | 'username'>): Record<string, unknown> {
  return { username, id };
}

function plainField(name: string): Field {
  return { name, modifiers: new Map(), fields: undefined };
}
