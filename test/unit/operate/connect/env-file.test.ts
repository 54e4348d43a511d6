import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { CommandFailed } from '../../../../infra/operate/command.ts';
import { setInEnvFile, withValues } from '../../../../infra/operate/connect/env-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'env-file-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('replaces the lines of its names, adds new ones at the end, and keeps everything else', () => {
  const before = `# Our shop's settings
  PORT = 4000   # the tunnel's

APP_SECRET=
# APP_ID=commented out
export IG_USER_ID="1"
HUMAN_AGENT='on'`;
  expect(withValues(before, { IG_USER_ID: '17841', APP_SECRET: 'a,b', APP_ID: '1,2' })).toBe(
    `# Our shop's settings
  PORT = 4000   # the tunnel's

APP_SECRET=a,b
# APP_ID=commented out
IG_USER_ID=17841
HUMAN_AGENT='on'
APP_ID=1,2
`,
  );
});

test('of several lines of one name a single one stays', () => {
  expect(withValues('A=1\nB=2\nA=3\n', { A: '4' })).toBe('A=4\nB=2\n');
});

test("a line within another name's quoted value is not taken for its own", () => {
  const before = 'KEY="-----\nAPP_ID=not this\n-----"\nAPP_ID=1\n';
  expect(withValues(before, { APP_ID: '2' })).toBe('KEY="-----\nAPP_ID=not this\n-----"\nAPP_ID=2\n');
});

test('keeps the line ends of Windows', () => {
  expect(withValues('A=1\r\nB=2', { A: '3', C: '4' })).toBe('A=3\r\nB=2\r\nC=4\r\n');
});

test('a value that no quotes can hold is refused, and named without being shown', () => {
  const refused = () => withValues('A=1\n', { B: 'secret \'"` #' });
  expect(refused).toThrow(CommandFailed);
  expect(refused).toThrow(/^B cannot be written/);
});

const value = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('a', ' ', '#', '=', "'", '"', '`', '\\', 'n', '\n', '\r', '|', 'ä') }),
);
const name = fc.constantFrom('APP_ID', 'APP_SECRET', 'PORT', 'KEY', 'X');
const line = fc.oneof(
  fc.tuple(name, value).map(([key, text]) => `${key}=${text}`),
  fc.tuple(name, value).map(([key, text]) => `  export ${key} = '${text}' # why`),
  value.map((text) => `# ${text}`),
  value,
);
const file = fc.tuple(fc.array(line), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => lines.join(end));

/** What is written, or undefined when it is refused in words for the owner. */
function written(before: string, values: Record<string, string>): string | undefined {
  try {
    return withValues(before, values);
  } catch (error) {
    if (error instanceof CommandFailed) return undefined;
    throw error;
  }
}

test('whatever it is given, it is read back with the values, or refused', () => {
  fc.assert(
    fc.property(file, fc.dictionary(name, value), (before, values) => {
      const after = written(before, values);
      const wanted = after === undefined ? undefined : { ...parseEnv(before), ...values };
      expect(after === undefined ? undefined : { ...parseEnv(after) }).toEqual(wanted);
    }),
    { numRuns: 2000 },
  );
});

test('a value of one line is written whatever it holds, while one of the quotes is free for it', () => {
  const oneLine = fc
    .string()
    .filter((text) => !/[\r\n\0]/.test(text) && ["'", '`'].some((quote) => !text.includes(quote)));
  fc.assert(
    fc.property(oneLine, (text) => {
      expect(parseEnv(withValues('# mine\nX=1\n', { APP_SECRET: text })).APP_SECRET).toBe(text);
    }),
  );
});

test('makes the file for its owner alone, and leaves nothing beside it', () => {
  const path = join(folder(), '.env.local');
  expect(setInEnvFile(path, { B: '2', A: '1' })).toEqual(['B', 'A']);
  expect(readFileSync(path, 'utf8')).toBe('B=2\nA=1\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, '..'))).toEqual(['.env.local']);
});

test('writes nothing when every value is there already, however it is quoted', () => {
  const path = join(folder(), '.env.local');
  writeFileSync(path, 'A = "1" # mine\n');
  const { ino } = statSync(path);
  expect(setInEnvFile(path, { A: '1' })).toEqual([]);
  expect(statSync(path).ino).toBe(ino);
});

test("keeps the file's mode, and a link to it", () => {
  const at = folder();
  writeFileSync(join(at, 'settings'), 'A=1\n');
  chmodSync(join(at, 'settings'), 0o640);
  symlinkSync('settings', join(at, '.env.local'));
  expect(setInEnvFile(join(at, '.env.local'), { A: '2', B: '3' })).toEqual(['A', 'B']);
  expect(readFileSync(join(at, 'settings'), 'utf8')).toBe('A=2\nB=3\n');
  expect(statSync(join(at, 'settings')).mode & 0o777).toBe(0o640);
});

test('a file that cannot be written is said', () => {
  expect(() => setInEnvFile(join(folder(), 'nowhere', '.env.local'), { A: '1' })).toThrow(/^Cannot write /);
});
