import type { SettingName } from '../../../shared/runtime/environment.ts';
import type { SettingValues } from '../../local/configuration.ts';

export interface ConnectFlags {
  readonly login?: string;
  readonly 'app-id'?: string;
  readonly 'app-secret'?: string;
  readonly token?: string;
  readonly 'verify-token'?: string;
}

const flagOf = {
  INSTAGRAM_LOGIN: 'login',
  APP_ID: 'app-id',
  APP_SECRET: 'app-secret',
  PAGE_ACCESS_TOKEN: 'token',
  WEBHOOK_VERIFY_TOKEN: 'verify-token',
} as const satisfies Partial<Record<SettingName, keyof ConnectFlags>>;

/** What belongs to one login alone. */
const ofLogin: readonly SettingName[] = ['APP_ID', 'APP_SECRET', 'PAGE_ACCESS_TOKEN', 'IG_USER_ID'];

/**
 * What need not be asked for: a flag wins, then the environment, then each of the stored ones in turn. What is
 * stored for the other login than the one that is asked for does not count.
 */
export function givenSettings(
  flags: ConnectFlags,
  environment: SettingValues,
  ...stored: readonly SettingValues[]
): SettingValues {
  const typed: SettingValues = Object.fromEntries(
    Object.entries(flagOf).flatMap(([name, flag]) => (flags[flag] ? [[name, flags[flag]]] : [])),
  );
  const login = typed.INSTAGRAM_LOGIN ?? environment.INSTAGRAM_LOGIN;
  const fitting = stored.map((values) => {
    const storedLogin = loginOf(values);
    const isOther = login !== undefined && storedLogin !== undefined && storedLogin !== login;
    return isOther
      ? without(values, ofLogin)
      : { ...values, ...(storedLogin && { INSTAGRAM_LOGIN: storedLogin }) };
  });
  const environmentLogin = environment.PAGE_ACCESS_TOKEN === undefined ? undefined : loginOf(environment);
  return Object.assign(
    {},
    ...fitting.toReversed(),
    environment,
    (login ?? environmentLogin) ? { INSTAGRAM_LOGIN: login ?? environmentLogin } : {},
    typed,
  ) as SettingValues;
}

/** A token without a login beside it is one of Facebook login, as the setting's default has it. */
function loginOf({ INSTAGRAM_LOGIN, PAGE_ACCESS_TOKEN }: SettingValues): string | undefined {
  return INSTAGRAM_LOGIN ?? (PAGE_ACCESS_TOKEN === undefined ? undefined : 'facebook');
}

function without(values: SettingValues, names: readonly SettingName[]): SettingValues {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => name !== 'INSTAGRAM_LOGIN' && !names.some((each) => each === name),
    ),
  );
}
