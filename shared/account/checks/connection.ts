import { type Setting, type SettingName, settings } from '../../runtime/environment.ts';
import { finding } from '../findings.ts';
import type { CheckInput } from '../seen.ts';
import { type Check, found, nothing, together, unchecked } from './check.ts';

const all: Readonly<Record<SettingName, Setting>> = settings;

/** Whether the values are there without which there is no connection at all. */
export const checkConnection: Check = ({ connection, missing, apps }) => {
  const absent = missing ?? absentSettings(connection);
  return together(
    absent.length === 0
      ? nothing
      : found(
          finding(
            'not_connected',
            `${absent.join(', ')} ${absent.length === 1 ? 'has' : 'have'} no value.`,
            absent.map((name) => `${name}: ${all[name].where ?? all[name].what}`),
          ),
        ),
    connection.graph
      ? nothing
      : unchecked(
          'token, permissions, account, subscription, conversations',
          'There is no token to ask with.',
        ),
    connection.webhook && apps.every(({ app_id: id }) => id === undefined)
      ? found(finding('app_id_unset', 'APP_ID has no value.'))
      : nothing,
  );
};

function absentSettings({ webhook, graph }: CheckInput['connection']): SettingName[] {
  return [
    ...(graph ? [] : (['PAGE_ACCESS_TOKEN', 'IG_USER_ID'] as const)),
    ...(webhook ? [] : (['WEBHOOK_VERIFY_TOKEN', 'APP_SECRET'] as const)),
  ];
}
