import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { appsecretProof as proofOf } from '../../shared/instagram/appsecret-proof.ts';
import type { GraphSecret } from '../../shared/runtime/secrets.ts';
import type { Configuration, Credentials } from './configuration.ts';
import type { DataFolder } from './data-folder.ts';

/** The values of the gateway's two secrets, in the shape that the functions read. */
export interface ConnectionSecrets {
  readonly webhook: string;
  readonly graph: string;
}

/** @param refreshing what is known of the same token's age. */
export function connectionSecrets(
  credentials: Pick<Credentials, 'accessToken' | 'igUserId' | 'verifyToken' | 'apps'>,
  { login, appsecretProof }: Pick<Configuration, 'login' | 'appsecretProof'>,
  refreshing: Pick<GraphSecret, 'refreshed_at' | 'token_expires_at'> = {},
): ConnectionSecrets {
  const [app] = credentials.apps;
  const { refreshed_at: refreshedAt, token_expires_at: expiresAt } = refreshing;
  const proof = appsecretProof === 'on' && app && proofOf(credentials.accessToken, app.secret);
  return {
    webhook: JSON.stringify({
      apps: credentials.apps.map(({ id, secret }) => ({ ...(id && { app_id: id }), app_secret: secret })),
      verify_token: credentials.verifyToken,
    }),
    graph: JSON.stringify({
      access_token: credentials.accessToken,
      ig_user_id: credentials.igUserId,
      login,
      ...(proof && { appsecret_proof: proof }),
      ...(refreshedAt !== undefined && { refreshed_at: refreshedAt }),
      ...(expiresAt !== undefined && { token_expires_at: expiresAt }),
    }),
  };
}

const file = 'simulator.json';
const stored = z.object({
  access_token: z.string(),
  ig_user_id: z.string(),
  app_secret: z.string(),
  verify_token: z.string(),
});

/** The simulated app's own ids. With Instagram login an app has two, here with one secret for both. */
export const simulatedAppIds = { meta: '111000000000001', instagram: '333000000000001' } as const;

/** The simulated account's credentials: made up once, then kept in the data folder for scripts to read. */
export function simulatorCredentials(dataFolder: DataFolder, login: Configuration['login']): Credentials {
  const content = dataFolder.read(file);
  const values = content === undefined ? madeUp() : stored.parse(JSON.parse(content));
  if (content === undefined) dataFolder.write(file, `${JSON.stringify(values, null, 2)}\n`);
  return {
    accessToken: values.access_token,
    igUserId: values.ig_user_id,
    verifyToken: values.verify_token,
    apps: (login === 'instagram'
      ? [simulatedAppIds.instagram, simulatedAppIds.meta]
      : [simulatedAppIds.meta]
    ).map((id) => ({ id, secret: values.app_secret })),
  };
}

function madeUp(): z.infer<typeof stored> {
  const random = () => randomBytes(24).toString('hex');
  return {
    access_token: random(),
    ig_user_id: '17841400000000001',
    app_secret: random(),
    verify_token: random(),
  };
}
