import { tokenMark } from '../instagram/token-mark.ts';
import { secrets } from '../runtime/secrets.ts';
import type { SendRow } from './send-row.ts';
import { explainStop, type SendingStop, type SendingStops, stoodFor } from './sending-stop.ts';

/**
 * Whether a send may be tried now. Ends a stop whose cause is gone: another token is stored, a block has run out. A
 * caller who waits asks Meta itself with a refused token, and is told in Meta's words; so does one of the others,
 * once a minute.
 */
export async function stopOf(
  stops: SendingStops,
  row: Pick<SendRow, 'isAsync' | 'acceptedAtMs' | 'deadlineMs'>,
): Promise<SendingStop> {
  const state = await stops.read();
  const { pausedAtMs, byMeta } = state;
  if (pausedAtMs === undefined && byMeta) {
    if (
      byMeta.reason === 'blocked_by_policy' ? byMeta.untilMs <= Date.now() : await isRenewed(byMeta.token)
    ) {
      await stops.endByMeta();
      return { isStopped: false, stoodForMs: stoodFor(await stops.read(), row), asks: false };
    }
    if (byMeta.reason === 'token_refused' && (!row.isAsync || (await stops.mayAsk()))) {
      const stood = { fromMs: byMeta.sinceMs, toMs: Date.now() };
      return { isStopped: false, stoodForMs: stoodFor({ stood }, row), asks: true };
    }
  }
  const failure = explainStop(state);
  return failure
    ? { isStopped: true, failure }
    : { isStopped: false, stoodForMs: stoodFor(state, row), asks: false };
}

/** Whether another token is stored than the refused one. */
async function isRenewed(refused: string): Promise<boolean> {
  if (tokenMark(await secrets.graph()) !== refused) return true;
  const fetched = await secrets.refetchGraph();
  return fetched !== undefined && tokenMark(fetched) !== refused;
}
