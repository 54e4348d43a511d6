import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { accountId } from '../../shared/instagram/ids.ts';
import { giveUpRestoredSends } from '../../shared/sending/give-up-restored.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import { sendingStops } from '../../shared/sending/sending-stop.ts';
import { isTableName } from '../restored-table.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { gatewayHere } from './doctor/gateway-here.ts';
import { gatewayOnAws } from './doctor/gateway-on-aws.ts';
import { why } from './doctor/gateway-seen.ts';
import type { GatewayTable } from './gateway-table.ts';

const help = `Makes a table that was restored from a backup safe to use, before the gateway is deployed with it (docs/restore.md).

  npm run restored -- --table NAME --stage default

  --table NAME    the restored table
  --stage STAGE   of the gateway deployed with this stage, "default" for the first (default: the one that
                  "npm run dev" runs on this machine)
  --help          this text

In the restored table sending is paused, and what waited to be sent at the time of the backup is given up: it may have gone
out since, and a customer must not get it twice. Running it again does no harm. The table in use is not touched.

Ends with 0 when the table is ready, 1 when it is not or something could not be read, 2 for a wrong command line.`;

const flags = { table: { type: 'string' }, stage: { type: 'string' } } as const;

await runCommand(help, flags, async ({ table: name, stage }) => {
  if (name === undefined || !isTableName(name)) {
    throw new WrongUsage('--table takes the name of the restored table.');
  }
  const { table, input } = stage === undefined ? await gatewayHere() : await gatewayOnAws(stage);
  if (!table) throw new CommandFailed('No gateway is running on this machine. Start one with: npm run dev');
  if (table.name === name) {
    throw new CommandFailed(`${name} is the table in use. This is for a restored one, before it is used.`);
  }
  const account = accountId(input.connection.graph?.ig_user_id);
  if (!account) {
    throw new CommandFailed('The gateway is not connected to Instagram yet. Run: npm run connect');
  }
  await checkTable(table, name);
  try {
    await sendingStops(table.client, name, account).pause();
    const { givenUp } = await giveUpRestoredSends(sendLedger(table.client, name), account);
    console.log(`${name} is ready. Sending is paused in it, and sends given up: ${givenUp.length}.`);
    for (const { sendId, acceptedAtMs, sentBy } of givenUp) {
      console.log(`  ${sendId}  accepted ${new Date(acceptedAtMs).toISOString()}  by ${sentBy.name}`);
    }
  } catch (error) {
    throw new CommandFailed(`The table ${name} cannot be changed: ${why(error)}`);
  }
  return 0;
});

/** @throws CommandFailed unless the table is there, and whole. */
async function checkTable({ client, place }: GatewayTable, name: string): Promise<void> {
  const { Table } = await client
    .send(new DescribeTableCommand({ TableName: name }))
    .catch((error: unknown) => {
      throw new CommandFailed(`The table ${name} of ${place} cannot be read: ${why(error)}`);
    });
  if (Table?.TableStatus !== 'ACTIVE') {
    throw new CommandFailed(
      `The table ${name} is not ready: ${Table?.TableStatus}. Wait until it is ACTIVE.`,
    );
  }
  const indexes = [...(Table.LocalSecondaryIndexes ?? []), ...(Table.GlobalSecondaryIndexes ?? [])];
  const missing = ['timeline', 'inbox'].filter((index) =>
    indexes.every(({ IndexName }) => IndexName !== index),
  );
  if (missing.length > 0) {
    throw new CommandFailed(
      `The table ${name} has no index ${missing.join(', ')}. Restore it again, with all its indexes.`,
    );
  }
}
