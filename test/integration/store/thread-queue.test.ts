import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { SendId, ThreadId } from '../../../shared/sending/send-row.ts';
import { threadQueues } from '../../../shared/sending/thread-queue.ts';
import { startTable, type TestTable } from '../../builders/table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const thread = '17841400000000001.123' as ThreadId;
const [first, second] = ['first', 'second'] as SendId[] as [SendId, SendId];

test('what it wrote itself is not read again; what another process changed is', async () => {
  const send = vi.spyOn(table.client, 'send');
  const reads = () => send.mock.calls.filter(([command]) => command instanceof GetCommand).length;
  const ours = threadQueues(table.client, table.name);
  const others = threadQueues(table.client, table.name);
  await ours.join(thread, first);
  await ours.lease(thread, { owner: 'us', forMs: 60_000 });
  expect(reads()).toBe(1);

  await others.join(thread, second);
  expect(await others.lease(thread, { owner: 'them', forMs: 60_000 })).toMatchObject({
    lease: { owner: 'us' },
  });
  expect(await ours.leave(thread, first, 'sent')).toMatchObject({ waiting: [second], last: first });
  expect(await ours.release(thread, 'us')).toMatchObject({ waiting: [second] });

  expect(await others.lease(thread, { owner: 'them', forMs: 60_000 })).toMatchObject({
    lease: { owner: 'them' },
  });
  // By what it wrote last nobody has the lease.
  expect(await ours.lease(thread, { owner: 'us', forMs: 60_000 })).toMatchObject({
    lease: { owner: 'them' },
  });
  send.mockRestore();
});
