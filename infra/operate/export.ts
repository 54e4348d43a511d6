import { writeFileSync } from 'node:fs';
import { CommandFailed, runCommand } from './command.ts';
import { customerParts } from './customer/customer-parts.ts';
import { exportCustomer } from './customer/export-customer.ts';
import { why } from './doctor/gateway-seen.ts';

const help = `Writes out all that is held of one customer, as JSON Lines.

  npm run export -- --customer ID                     to the terminal
  npm run export -- --customer ID --out customer.jsonl

  --customer ID    the customer's id, as GET /api/conversations shows it (recipient_id); what is held under other ids
                   of the same person is in it too
  --out FILE       a new file, for you alone to read; one that exists is not written over
  --stage STAGE    of the gateway deployed with this stage, "default" for the first (default: the one that
                   "npm run dev" runs on this machine)

Each line is { "kind", "data" }: a message, a send, the contact … as stored (docs/privacy.md). It changes nothing. The
whole table is looked through.

Ends with 0 when done, 3 when nothing is held, 1 when something failed, 2 for a wrong command line.`;

const flags = {
  customer: { type: 'string' },
  out: { type: 'string' },
  stage: { type: 'string' },
} as const;

await runCommand(help, flags, async ({ customer, out, stage }) => {
  const lines = await exportCustomer(await customerParts(customer, stage)).catch((error: unknown): never => {
    throw error instanceof CommandFailed ? error : new CommandFailed(`It cannot be read: ${why(error)}`);
  });
  if (lines.length === 0) {
    console.error('Nothing is held of this customer.');
    return 3;
  }
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  if (out === undefined) process.stdout.write(text);
  else write(out, text);
  console.error(`${lines.length} lines${out === undefined ? '' : ` written to ${out}`}.`);
  return 0;
});

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new CommandFailed(`${file} cannot be written: ${why(error)}`);
  }
}
