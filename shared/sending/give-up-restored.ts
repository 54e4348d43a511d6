import type { AccountId } from '../instagram/ids.ts';
import { type SendLedger, unsettledPlace } from './send-ledger.ts';
import type { SendFailure, SendRow } from './send-row.ts';

const pageSize = 100;

const restored: SendFailure = {
  status: 504,
  code: 'outcome_unknown',
  message:
    'The store was restored from a backup in which this send had not ended. Whether it went out since is not known, so it is never sent again. Look at the conversation before sending it under a new key.',
};

/**
 * Ends every send of a restored table that would go on: it may have gone out after the time of the backup. Not
 * `unknown`, since a part of such a send that is found at Meta would have the next ones sent.
 */
export async function giveUpRestoredSends(
  ledger: SendLedger,
  account: AccountId,
): Promise<{ readonly givenUp: readonly SendRow[] }> {
  const givenUp: SendRow[] = [];
  // All are read first: a row that has ended leaves the list, and would move the next page.
  const rows: SendRow[] = [];
  for (let after: string | undefined; ; ) {
    const page = await ledger.unsettled(account, pageSize, after);
    rows.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageSize) break;
    after = unsettledPlace(last);
  }
  for (const { sendId } of rows) {
    for (let row = await ledger.find(sendId); row && goesOn(row); row = await ledger.find(sendId)) {
      const ended = await ledger.change(row, { state: { name: 'failed', failure: restored, isFinal: true } });
      if (!ended) continue;
      givenUp.push(ended);
      break;
    }
  }
  return { givenUp };
}

const goesOn = ({ state }: SendRow) => state.name !== 'sent' && state.name !== 'failed';
