import { readAppSubscriptions } from '../../../shared/account/read-subscription.ts';
import { appToken, readToken } from '../../../shared/account/read-token.ts';
import { ConfigurationError, readApps } from '../../local/configuration.ts';
import { CommandFailed } from '../command.ts';
import { graphTimeoutMs, type KnownApp, type Login } from './connection.ts';
import { problem } from './problem.ts';

export type KnownApps = readonly [KnownApp, ...KnownApp[]];

/** The apps of two lists with commas. Throws CommandFailed unless the n-th id belongs to the n-th secret. */
export function appsOf(ids: string, secrets: string): KnownApps {
  try {
    const apps = readApps(secrets, ids).map(({ id = '', secret }) => ({ id, secret }));
    const wrong = apps.find(({ id }) => !/^\d{5,}$/.test(id));
    if (wrong) throw new CommandFailed(`An app id is a number, not ${JSON.stringify(wrong.id)}.`);
    const [first, ...others] = apps;
    if (first) return [first, ...others];
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CommandFailed(error.message);
    throw error;
  }
  throw new CommandFailed('No app id is given.');
}

/**
 * Asks Meta whether each id and secret belong together, by the app's own token.
 *
 * The second pair of an app with Instagram login makes no such token, as far as is known: there a refusal
 * says nothing yet, and the exchange of the token tells.
 *
 * @returns what Meta says of them, a line each.
 * @throws CommandFailed when Meta refuses a pair of Facebook login, or cannot be reached.
 */
export async function checkApps(apps: KnownApps, login: Login): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { id, secret } of apps) {
    const own = { app_id: id, app_secret: secret };
    const { pairs } = await readToken(appToken(id, secret), [own], graphTimeoutMs);
    const { verdict, why = '' } = pairs[0] ?? { verdict: 'unread' as const };
    const isTaken = ['issuer', 'no_token', 'other_app'].includes(verdict);
    if (isTaken || (login === 'instagram' && (await tellsSubscriptions(own)))) {
      lines.push(`App ${id}: id and secret belong together`);
    } else if (verdict === 'unread') {
      throw problem('meta_unreachable', why);
    } else if (verdict === 'pair_refused' && login === 'facebook') {
      throw problem('app_secret_wrong', `app ${id}. ${why}`);
    }
  }
  return lines;
}

/** The Meta app's pair proves itself there too, where Meta tells of no token of Instagram login. */
async function tellsSubscriptions(app: { app_id: string; app_secret: string }): Promise<boolean> {
  return (await readAppSubscriptions(app, graphTimeoutMs)).ok;
}
