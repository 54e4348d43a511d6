import { startMeta } from '../meta-simulator/start-meta.ts';
import type { Configuration, Credentials } from './configuration.ts';
import { simulatedAppIds } from './connection.ts';
import { portInUse } from './servers.ts';

export interface Simulator {
  readonly url: string;
  /** Delivers the message with which the simulated customer begins. */
  greet(): Promise<void>;
  stop(): Promise<void>;
}

/** The fake Meta for an account with these credentials. Throws PortInUseError. */
export async function startSimulator(
  credentials: Credentials,
  { login, simulatorPort }: Pick<Configuration, 'login' | 'simulatorPort'>,
  callbackUrl: string,
): Promise<Simulator> {
  const [app] = credentials.apps;
  try {
    return await startMeta({
      port: simulatorPort,
      account: { id: credentials.igUserId, username: 'your_business', accessToken: credentials.accessToken },
      app: {
        id: simulatedAppIds.meta,
        instagramId: simulatedAppIds.instagram,
        secret: app?.secret ?? '',
        verifyToken: credentials.verifyToken,
      },
      callbackUrl,
      login,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw portInUse(simulatorPort, 'SIMULATOR_PORT', error);
    }
    throw error;
  }
}
