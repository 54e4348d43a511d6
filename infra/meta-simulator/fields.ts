import { fieldSyntax } from './graph-errors.ts';

/** One name of a `fields` parameter, with what follows it: `messages.limit(5).after(X){id,from{id}}`. */
export interface Field {
  readonly name: string;
  readonly modifiers: ReadonlyMap<string, string>;
  /** Undefined when no braces follow. */
  readonly fields: readonly Field[] | undefined;
}

/** Parses Graph's field expansion. Throws Graph's syntax error, code 2500. */
export function parseFields(text: string): readonly Field[] {
  let position = 0;

  function take(character: string): boolean {
    if (text.charAt(position) !== character) return false;
    position += 1;
    return true;
  }

  function expect(character: string): void {
    if (!take(character)) throw fieldSyntax(position, text);
  }

  function match(pattern: RegExp): string {
    pattern.lastIndex = position;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw fieldSyntax(position, text);
    position += found.length;
    return found;
  }

  function field(): Field {
    const name = match(/\w+/y);
    const modifiers = new Map<string, string>();
    while (take('.')) {
      const modifier = match(/\w+/y);
      expect('(');
      modifiers.set(modifier, match(/[^()]*/y));
      expect(')');
    }
    let nested: readonly Field[] | undefined;
    if (take('{')) {
      nested = list();
      expect('}');
    }
    return { name, modifiers, fields: nested };
  }

  function list(): readonly Field[] {
    const fields = [field()];
    while (take(',')) fields.push(field());
    return fields;
  }

  const fields = list();
  if (position < text.length) throw fieldSyntax(position, text);
  return fields;
}
