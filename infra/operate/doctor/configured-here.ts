import type { CheckInput } from '../../../shared/account/check-account.ts';
import { type Setting, type SettingName, settings } from '../../../shared/runtime/environment.ts';
import { ConfigurationError, readConfiguration, type SettingValues } from '../../local/configuration.ts';
import { connectionSecrets } from '../../local/connection.ts';
import { CommandFailed } from '../command.ts';
import { parseConnection } from './parse-connection.ts';

const placeholder = '-';

/**
 * What the settings of this machine connect, in the shape of the gateway's secrets: a half configuration gives
 * the half that is whole, and the names of what is missing. Throws CommandFailed for a value that is none.
 */
export function configuredHere(
  values: SettingValues,
): Pick<CheckInput, 'connection'> & { readonly missing?: readonly SettingName[] } {
  const names = Object.entries<Setting>(settings).flatMap(([name, { group }]) =>
    group === 'credentials' ? [name as SettingName] : [],
  );
  const missing = names.filter((name) => !values[name]);
  // Filled up, so that the gateway's own reading judges whatever is there.
  const filled = { ...Object.fromEntries(names.map((name) => [name, placeholder])), ...values };
  const { webhook, graph } = secretsOf(filled);
  const has = (...needed: readonly SettingName[]) => needed.every((name) => !missing.includes(name));
  const connection = parseConnection(
    has('APP_SECRET', 'WEBHOOK_VERIFY_TOKEN') ? webhook : undefined,
    has('PAGE_ACCESS_TOKEN', 'IG_USER_ID') ? graph : undefined,
  );
  return { connection, ...(missing.length > 0 && { missing }) };
}

function secretsOf(values: SettingValues) {
  try {
    const configuration = readConfiguration(values);
    if (!configuration.credentials) throw new Error('A filled configuration has credentials');
    return connectionSecrets(configuration.credentials, configuration);
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CommandFailed(error.message);
    throw error;
  }
}
