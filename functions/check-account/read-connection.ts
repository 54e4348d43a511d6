import type { CheckInput } from '../../shared/account/check-account.ts';
import { log } from '../../shared/runtime/log.ts';
import { NotConnectedError, secrets } from '../../shared/runtime/secrets.ts';

/** Both secrets, as they are stored now: what was connected a minute ago is what is checked. One without a usable value is absent: that is a finding, not a failure. */
export async function readConnection(): Promise<CheckInput['connection']> {
  const [webhook, graph] = await Promise.all([
    unlessNotConnected(secrets.latestWebhook()),
    unlessNotConnected(secrets.latestGraph()),
  ]);
  return { ...(webhook && { webhook }), ...(graph && { graph }) };
}

async function unlessNotConnected<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof NotConnectedError)) throw error;
    // It says which member of which secret is at fault, and quotes none.
    log.warn('not connected', { why: error.message });
    return undefined;
  }
}
