import { ReconcilingElsewhereError } from '../../shared/reconcile/reconcile-store.ts';
import { auditLog } from './audit-log.ts';
import { CommandFailed, runCommand, WrongUsage } from './command.ts';
import { customerParts } from './customer/customer-parts.ts';
import { type Counts, countHeld, forgetCustomer, settleSeconds } from './customer/forget-customer.ts';
import { itemKinds } from './customer/held-items.ts';
import { why } from './doctor/gateway-seen.ts';

const help = `Erases one customer: messages, sends, name, search entries, queued events, dead letters, uploads.

  npm run forget -- --customer ID          what there is of the customer
  npm run forget -- --customer ID --yes    erases it, for good

  --customer ID    the customer's id, as GET /api/conversations shows it (recipient_id); every other id that is
                   known to be the same person goes with it
  --yes            erases
  --wait SECONDS   between the two looks (default ${settleSeconds}): as long as a function may still write what it had
                   read; 0 only while nothing comes in
  --stage STAGE    of the gateway deployed with this stage, "default" for the first (default: the one that
                   "npm run dev" runs on this machine)

The whole table is looked through. A hash of the id stays, with the time: what is older is not stored again, whether
Meta delivers it late or reconciling finds it. When the customer writes anew, that is received as from anybody. It may
be ended midway and run again.

Ends with 0 when done, 3 when something is left that it names, 1 when something failed, 2 for a wrong command line.`;

const flags = {
  customer: { type: 'string' },
  yes: { type: 'boolean' },
  wait: { type: 'string' },
  stage: { type: 'string' },
} as const;

const beyond = `What it does not reach:
  - point-in-time backups of the table, which keep the erased items for 35 days
  - what was delivered to subscribers of yours already: events with ids and times, and what your code read by them
  - logs, which hold no id, name or text of a customer; they expire after a month
  - drafts in the browsers of your team, until they are cleared there
  - Meta's own copy: the customer, or the Instagram app, deletes the conversation there`;

await runCommand(help, flags, async ({ customer, yes = false, wait, stage }) => {
  if (wait !== undefined && !/^\d{1,4}$/.test(wait)) {
    throw new WrongUsage(`--wait takes seconds, not "${wait}".`);
  }
  const parts = await customerParts(customer, stage);
  if (!yes) {
    const counts = await countHeld(parts).catch(failed);
    report(`Of this customer there is, in ${parts.place}:`, counts);
    console.log(`\n${beyond}\n\nNothing was erased. To erase it for good, add --yes.`);
    return left(counts);
  }
  const erased = await forgetCustomer(parts, Number(wait ?? settleSeconds) * 1000).catch(failed);
  await auditLog({ client: parts.client, name: parts.tableName })
    .add('customer_forgotten', {
      hashes: erased.hashes.join(),
      items: total(erased.items),
      queued: total(erased.queued),
    })
    .catch(failed);
  report(`Erased, of this customer, in ${parts.place}:`, erased);
  console.log(
    `\nA keyed hash of the id stays, so that nothing of before comes back: ${erased.hashes.join(', ')}\n`,
  );
  console.log(beyond);
  return left(erased);
});

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function left({ mentions, kept, unseen }: Counts): 0 | 3 {
  return mentions > 0 || kept > 0 || unseen.length > 0 ? 3 : 0;
}

function report(title: string, { items, queued, uploads, unsent, kept, mentions, unseen }: Counts): void {
  console.log(title);
  for (const kind of itemKinds) console.log(`  ${String(items.get(kind) ?? 0).padStart(7)}  ${kind}`);
  console.log(`  ${String(uploads).padStart(7)}  uploaded file`);
  const inQueues = [...queued].map(([queue, count]) => `${queue} ${count}`).join(', ');
  console.log(
    `  ${String(total(queued)).padStart(7)}  queued message or dead letter${inQueues && ` (${inQueues})`}`,
  );
  if (unsent > 0) console.log(`Of the sends ${unsent} had not gone out yet, and will not.`);
  if (kept > 0)
    console.log(
      `The customer wrote anew meanwhile: ${kept} items of that stay. Run it again to erase them too.`,
    );
  if (mentions > 0) {
    console.log(
      `${mentions} items of others name the customer, such as messages of other customers. They stay.`,
    );
  }
  for (const queue of unseen) console.log(`${queue} holds more than was looked at. Run it again.`);
}

function failed(error: unknown): never {
  if (error instanceof CommandFailed) throw error;
  if (error instanceof ReconcilingElsewhereError) {
    throw new CommandFailed(
      'The gateway is reconciling at this moment, or this command was ended midway. Try again in a few minutes.',
    );
  }
  throw new CommandFailed(`It ended midway: ${why(error)} Run it again, and it goes on.`);
}
