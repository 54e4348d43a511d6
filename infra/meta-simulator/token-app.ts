import type { AccessToken } from './access-tokens.ts';
import type { World } from './world.ts';

/** The app whose login won the token. Only that app may inspect it, prove it and answer its own threads. */
export function appOf({ appId }: AccessToken, { state }: Pick<World, 'state'>): string {
  return appId ?? state.switches.tokenAppId ?? state.appId;
}

/** Undefined for an app that is neither the webhook's nor the other one that is known here. */
export function appSecretOf(appId: string, { state }: Pick<World, 'state'>): string | undefined {
  return [state.metaApp, state.otherApp].find(({ id }) => id === appId)?.secret;
}
