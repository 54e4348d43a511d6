import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let lines: Record<string, unknown>[];
let logModule: typeof import('../../../../shared/runtime/log.ts');

beforeEach(async () => {
  lines = [];
  vi.resetModules();
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'INFO');
  vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  logModule = await import('../../../../shared/runtime/log.ts');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('every line of an invocation tells whose it is, and none of the next one does', () => {
  const { beginLog, log } = logModule;
  beginLog({ function_request_id: 'run-1', request_id: 'request-1' });
  log.info('one', { events: 1 });
  beginLog({ function_request_id: 'run-2' });
  log.info('two');
  expect(lines).toMatchObject([
    { message: 'one', events: 1, function_request_id: 'run-1', request_id: 'request-1' },
    { message: 'two', function_request_id: 'run-2' },
  ]);
  expect(lines[1]).not.toHaveProperty('request_id');
});
