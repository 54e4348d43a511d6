import { readFileSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { CommandFailed } from '../command.ts';

/** Files that hold secrets are their owner's alone. */
const ownersAlone = 0o600;

const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*/;

/**
 * Sets names in a file of settings: the line of a name is replaced where it stands, a new name comes at the
 * end, and everything else stays as it is. A name that has its value already keeps its line.
 *
 * @returns the names whose value changed, in the order given.
 * @throws CommandFailed when the file cannot be read or written, or could not be read back.
 */
export function setInEnvFile(file: string, values: Readonly<Record<string, string>>): readonly string[] {
  const before = read(file) ?? '';
  const held = parseEnv(before);
  const changed = Object.entries(values).filter(([name, value]) => held[name] !== value);
  if (changed.length > 0) write(file, withValues(before, Object.fromEntries(changed)));
  return changed.map(([name]) => name);
}

/** The file's text with these values. Throws CommandFailed when `parseEnv` would read anything else from it. */
export function withValues(text: string, values: Readonly<Record<string, string>>): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const missing = new Map(Object.entries(values).map(([name, value]) => [name, `${name}=${quoted(value)}`]));
  const own = new Set(missing.keys());
  const kept = entriesOf(text).flatMap(({ name, content, ending }) => {
    if (name === undefined || !own.has(name)) return [content + ending];
    const line = missing.get(name);
    missing.delete(name);
    // A second line of the same name would win over the first.
    return line === undefined ? [] : [line + ending];
  });
  const start = kept.join('');
  const gap = missing.size > 0 && start !== '' && !start.endsWith('\n') ? newline : '';
  const result = `${start}${gap}${[...missing.values()].map((line) => line + newline).join('')}`;
  checkReadBack(result, { ...parseEnv(text), ...values });
  return result;
}

interface Entry {
  /** Absent: a comment, or a line that sets nothing. */
  readonly name?: string;
  readonly content: string;
  readonly ending: string;
}

/** A line each, but for a quoted value that spans several. */
function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  for (let from = 0; from < text.length; ) {
    const found = assignment.exec(text.slice(from, endOfLine(text, from)));
    const valueAt = from + (found?.[0].length ?? 0);
    const quote = found && /^['"`]/.exec(text.slice(valueAt))?.[0];
    const closing = quote ? text.indexOf(quote, valueAt + 1) : -1;
    const end = endOfLine(text, Math.max(closing, from));
    const ending = /^\r?\n/.exec(text.slice(end))?.[0] ?? '';
    entries.push({ ...(found?.[1] && { name: found[1] }), content: text.slice(from, end), ending });
    from = end + ending.length;
  }
  return entries;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > from ? newline - 1 : newline;
}

function quoted(value: string): string {
  if (/^[\w.:/|,~+@-]+$/.test(value)) return value;
  // Within single quotes nothing has a meaning; a backslash and an n between double ones would be a new line.
  const quote = ["'", '`', '"'].find((each) => !value.includes(each)) ?? '"';
  return `${quote}${value}${quote}`;
}

function checkReadBack(text: string, wanted: NodeJS.Dict<string>): void {
  const found = parseEnv(text);
  const names = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  const wrong = [...names].filter((name) => found[name] !== wanted[name]);
  if (wrong.length === 0) return;
  throw new CommandFailed(
    `${wrong.join(', ')} cannot be written so that it is read back unchanged: set it by hand, or in the environment.`,
  );
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw failure('read', file, error);
  }
}

/** Beside it and renamed, so that a kill leaves the old file or the new one. A link stays a link. */
function write(file: string, text: string): void {
  try {
    const { path, mode } = target(file);
    const beside = `${path}.${process.pid}.new`;
    writeFileSync(beside, text, { mode, flush: true });
    renameSync(beside, path);
  } catch (error) {
    throw failure('write', file, error);
  }
}

function target(file: string): { path: string; mode: number } {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? { path: realpathSync(file), mode: found.mode & 0o777 } : { path: file, mode: ownersAlone };
}

function failure(verb: string, file: string, error: unknown): CommandFailed {
  return new CommandFailed(
    `Cannot ${verb} ${file}: ${error instanceof Error ? error.message : String(error)}`,
  );
}
