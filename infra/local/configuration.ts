import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { type Setting, type SettingName, settings } from '../../shared/runtime/environment.ts';
import { retentionDays } from '../../shared/runtime/retention.ts';
import { type ExtensionValues, extensionSettingNames, extensionSettings } from '../extension-settings.ts';

/** The settings cannot be used; the message is for the owner, a line each. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

export type SettingValues = Partial<Record<SettingName, string>>;

export interface Credentials {
  readonly accessToken: string;
  readonly igUserId: string;
  readonly verifyToken: string;
  /** Never empty: one for each app whose signature is accepted. */
  readonly apps: readonly App[];
}

export interface App {
  readonly id?: string;
  readonly secret: string;
}

export interface Configuration {
  /** Absent: the simulator stands in for Meta. */
  readonly credentials?: Credentials;
  readonly login: 'facebook' | 'instagram';
  readonly appsecretProof: 'on' | 'off';
  readonly humanAgent: 'on' | 'off';
  readonly resubscribe: 'on' | 'off';
  /** Absent: messages are kept for ever. */
  readonly messageRetentionDays?: string;
  /** Those that are set: the template is made with them. */
  readonly extensions: ExtensionValues;
  readonly graphApiVersion: string;
  readonly graphApiBaseUrl?: string;
  readonly publicUrl?: string;
  readonly apiKey?: string;
  /** 0: any free port. */
  readonly port: number;
  readonly simulatorPort: number;
  readonly dataDir: string;
}

const minKeyLength = 20;
const all: Readonly<Record<SettingName, Setting>> = settings;

/** The settings of the environment, then of `.env.local`; an empty value counts as none. */
export function settingsFrom(environment: NodeJS.ProcessEnv, file: string): SettingValues {
  const fromFile = parseFile(file);
  return Object.fromEntries(
    Object.keys(all).flatMap((name) => {
      const value = environment[name] || fromFile[name];
      return value ? [[name, value]] : [];
    }),
  );
}

function parseFile(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Throws ConfigurationError. */
export function readConfiguration(values: SettingValues): Configuration {
  for (const [name, { values: allowed }] of Object.entries(all)) {
    const value = values[name as SettingName];
    if (value !== undefined && allowed && !allowed.includes(value)) {
      throw new ConfigurationError(`${name} must be ${allowed.join(' or ')}, not ${JSON.stringify(value)}`);
    }
  }
  const { API_KEY } = values;
  if (API_KEY !== undefined && API_KEY.length < minKeyLength) {
    throw new ConfigurationError(
      `API_KEY must have at least ${minKeyLength} characters, not ${API_KEY.length}`,
    );
  }
  const credentials = readCredentials(values);
  const { GRAPH_API_BASE_URL, PUBLIC_URL } = values;
  return {
    ...(credentials && { credentials }),
    login: values.INSTAGRAM_LOGIN === 'instagram' ? 'instagram' : 'facebook',
    appsecretProof: values.APPSECRET_PROOF === 'on' ? 'on' : 'off',
    humanAgent: values.HUMAN_AGENT === 'on' ? 'on' : 'off',
    resubscribe: values.RESUBSCRIBE === 'off' ? 'off' : 'on',
    ...(values.MESSAGE_RETENTION_DAYS && { messageRetentionDays: retention(values.MESSAGE_RETENTION_DAYS) }),
    extensions: extensionsOf(values),
    graphApiVersion: values.GRAPH_API_VERSION ?? settings.GRAPH_API_VERSION.default,
    ...(GRAPH_API_BASE_URL && { graphApiBaseUrl: url('GRAPH_API_BASE_URL', GRAPH_API_BASE_URL) }),
    ...(PUBLIC_URL && { publicUrl: url('PUBLIC_URL', PUBLIC_URL) }),
    ...(API_KEY && { apiKey: API_KEY }),
    port: port('PORT', values.PORT ?? settings.PORT.default),
    simulatorPort: port('SIMULATOR_PORT', values.SIMULATOR_PORT ?? settings.SIMULATOR_PORT.default),
    dataDir: values.DATA_DIR ?? settings.DATA_DIR.default,
  };
}

function retention(given: string): string {
  return forTheOwner(() => retentionDays(given));
}

function extensionsOf(values: SettingValues): ExtensionValues {
  const given = Object.fromEntries(
    extensionSettingNames.flatMap((name) => (values[name] ? [[name, values[name]]] : [])),
  );
  forTheOwner(() => extensionSettings(given));
  return given;
}

function forTheOwner<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error));
  }
}

function readCredentials(values: SettingValues): Credentials | undefined {
  const { PAGE_ACCESS_TOKEN, IG_USER_ID, WEBHOOK_VERIFY_TOKEN, APP_SECRET } = values;
  if (PAGE_ACCESS_TOKEN && IG_USER_ID && WEBHOOK_VERIFY_TOKEN && APP_SECRET) {
    return {
      accessToken: PAGE_ACCESS_TOKEN,
      igUserId: IG_USER_ID,
      verifyToken: WEBHOOK_VERIFY_TOKEN,
      apps: readApps(APP_SECRET, values.APP_ID),
    };
  }
  const missing = Object.entries(all).filter(
    ([name, { group }]) => group === 'credentials' && !values[name as SettingName],
  );
  if (!PAGE_ACCESS_TOKEN && !IG_USER_ID && !WEBHOOK_VERIFY_TOKEN && !APP_SECRET) return undefined;
  throw new ConfigurationError(
    [
      `Missing required environment variables: ${missing.map(([name]) => name).join(', ')}`,
      ...missing.map(([name, { what, where }]) => `  ${name}: ${where ?? what}`),
    ].join('\n'),
  );
}

/** The n-th id belongs to the n-th secret. */
export function readApps(appSecrets: string, appIds: string | undefined): App[] {
  const split = (list: string) =>
    list
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean);
  const secrets = split(appSecrets);
  const ids = split(appIds ?? '');
  if (secrets.length === 0) throw new ConfigurationError('APP_SECRET holds no secret');
  if (ids.length > 0 && ids.length !== secrets.length) {
    throw new ConfigurationError(
      `APP_ID lists ${ids.length}, APP_SECRET ${secrets.length}: the n-th id belongs to the n-th secret`,
    );
  }
  return secrets.map((secret, index) => {
    const id = ids[index];
    return { ...(id && { id }), secret };
  });
}

function port(name: SettingName, value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65_535) return number;
  throw new ConfigurationError(`${name} must be a port number, 0 to 65535, not ${JSON.stringify(value)}`);
}

function url(name: SettingName, value: string): string {
  if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw new ConfigurationError(`${name} must be a URL that begins with http:// or https://`);
}
