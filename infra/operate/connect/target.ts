import type { SettingValues } from '../../local/configuration.ts';
import { type GatewayTable, tableHere, tableOf } from '../gateway-table.ts';
import { deployedStack } from '../stack-outputs.ts';
import type { Connection } from './connection.ts';
import { envFile, saveInRunningGateway, saveSettings, settingsOf } from './save-here.ts';
import { stackSecrets } from './save-on-aws.ts';
import type { Speaker } from './speaker.ts';

/** The gateway that is connected. */
export interface Target {
  /** What to add to a command that is to go on with it. */
  readonly flag: '' | `--stage ${string}`;
  /** Where it is connected to so far. */
  readonly stored: SettingValues;
  /** Its own public address; absent on this machine, where a tunnel has to give one. */
  readonly publicUrl?: string;
  /** How often its table is looked at while something is waited for. */
  readonly pollMs: number;
  save(connection: Connection, speaker: Speaker): Promise<Saved>;
  savePublicUrl(url: string, speaker: Speaker): void;
  /** Throws CommandFailed when it does not run. */
  table(): GatewayTable;
}

export interface Saved {
  readonly hasChanged: boolean;
  /** Whether the gateway runs and has what was saved; if not, why in words for people. */
  readonly isRunning: true | string;
}

/** @param fromFile the settings of `.env.local` */
export function targetHere(fromFile: SettingValues): Target {
  const write = (values: SettingValues, { tell, warn }: Speaker): boolean => {
    const { changed, overridden } = saveSettings(values);
    if (changed.length > 0) tell(`Written to ${envFile}: ${changed.join(', ')}`);
    for (const name of overridden) {
      warn(`${name} has another value in the environment, which wins over ${envFile}: unset it there.`);
    }
    return changed.length > 0;
  };
  return {
    flag: '',
    stored: fromFile,
    pollMs: 1000,
    async save(connection, speaker) {
      const hasWritten = write(settingsOf(connection, fromFile), speaker);
      const here = await saveInRunningGateway(connection);
      if (here === 'changed') speaker.tell('The running gateway has it too');
      return { hasChanged: hasWritten || here === 'changed', isRunning: running[here] };
    },
    savePublicUrl: (url, speaker) => void write({ PUBLIC_URL: url }, speaker),
    table: tableHere,
  };
}

const running = {
  current: true,
  changed: true,
  restart:
    'The gateway that runs on this machine reads it only when it starts: end "npm run dev" and start it again.',
  stopped: 'No gateway runs on this machine: start it with "npm run dev".',
} as const;

export async function targetOnAws(stage: string): Promise<Target> {
  const stack = await deployedStack(stage);
  const secrets = await stackSecrets(stack);
  return {
    flag: `--stage ${stage}`,
    stored: secrets.settings,
    publicUrl: stack.output('CallbackUrl').replace(/\/api\/webhook$/, ''),
    pollMs: 3000,
    async save(connection, { tell }) {
      const hasChanged = await secrets.save(connection);
      if (hasChanged) tell(`Written to the secrets of the stack ${stack.name}`);
      return { hasChanged, isRunning: true };
    },
    // The stack knows its own.
    savePublicUrl: () => {},
    table: () => tableOf(stack),
  };
}
