import type { Reading } from '../../../shared/account/graph-reading.ts';
import { type AccountReading, readAccount } from '../../../shared/account/read-account.ts';
import { appsecretProof } from '../../../shared/instagram/appsecret-proof.ts';
import { graphTimeoutMs, type KnownApp, type Login } from './connection.ts';
import { metaFailure } from './problem.ts';

/**
 * Whom a token speaks for, and whether the app requires proof with every call ("Require app secret").
 * @throws CommandFailed with Meta's words.
 */
export async function readOwner(
  login: Login,
  accessToken: string,
  { secret }: KnownApp,
): Promise<{ readonly owner: AccountReading; readonly needsProof: boolean }> {
  const caller = { login, access_token: accessToken };
  const unproven = await readAccount(caller, graphTimeoutMs);
  const needsProof = asksForProof(unproven);
  const reading = needsProof
    ? await readAccount({ ...caller, appsecret_proof: appsecretProof(accessToken, secret) }, graphTimeoutMs)
    : unproven;
  if (!reading.ok) throw metaFailure("Reading the token's account", reading.failure);
  return { owner: reading.value, needsProof };
}

/** Meta has no number of its own for it. */
function asksForProof(reading: Reading<unknown>): boolean {
  return (
    !reading.ok &&
    reading.failure.kind === 'refused' &&
    reading.failure.details.message.includes('appsecret_proof')
  );
}
