import { localCredentials, region } from './identities.ts';

/** What an SDK client needs to talk to an emulator. No emulator checks the credentials. */
export function localClient(endpoint: string) {
  return { endpoint, region, credentials: localCredentials };
}
