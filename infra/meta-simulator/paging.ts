import type { Field } from './fields.ts';
import { invalidParameter } from './graph-errors.ts';

export interface PageRequest {
  readonly limit: string | undefined;
  readonly after: string | undefined;
}

export interface PageRules {
  readonly defaultLimit: number;
  /** A greater limit is cut silently, as Graph does. */
  readonly maxLimit: number;
}

/** Where the next page is found: everything of its address but `limit` and `after`. */
export interface EdgeAddress {
  readonly url: string;
  readonly token: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * One page of an edge in Graph's shape. `paging.next` carries the access token, as the real one does:
 * whoever passes it on gives the token away.
 */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  { limit: asked, after }: PageRequest,
  { defaultLimit, maxLimit }: PageRules,
  edge: EdgeAddress,
  show: (item: Item, index: number) => unknown,
): Record<string, unknown> {
  const limit = Math.min(parseLimit(asked, defaultLimit), maxLimit);
  const start = after === undefined ? 0 : positionAfter(items, after);
  const page = items.slice(start, start + limit);
  const first = page[0];
  const last = page.at(-1);
  if (first === undefined || last === undefined) return { data: [] };
  const cursors = { before: cursorOf(first), after: cursorOf(last) };
  const more = start + limit < items.length;
  return {
    data: page.map((item, index) => show(item, start + index)),
    paging: more ? { cursors, next: nextUrl(edge, limit, cursors.after) } : { cursors },
  };
}

/** The text of parsed fields, for the address of a next page. */
export function fieldsText(fields: readonly Field[]): string {
  return fields
    .map(({ name, modifiers, fields: nested }) => {
      const calls = [...modifiers].map(([modifier, value]) => `.${modifier}(${value})`).join('');
      return `${name}${calls}${nested ? `{${fieldsText(nested)}}` : ''}`;
    })
    .join(',');
}

function parseLimit(asked: string | undefined, defaultLimit: number): number {
  if (asked === undefined) return defaultLimit;
  if (!/^[1-9]\d{0,5}$/.test(asked)) throw invalidParameter('Param limit must be a positive integer');
  return Number(asked);
}

function cursorOf({ id }: { readonly id: string }): string {
  return Buffer.from(id).toString('base64url');
}

function positionAfter(items: readonly { readonly id: string }[], after: string): number {
  const at = items.findIndex((item) => cursorOf(item) === after);
  if (at === -1) throw invalidParameter('Invalid cursors values');
  return at + 1;
}

function nextUrl({ url, token, query }: EdgeAddress, limit: number, after: string): string {
  const search = new URLSearchParams({ access_token: token, ...query, limit: String(limit), after });
  return `${url}?${search.toString()}`;
}
