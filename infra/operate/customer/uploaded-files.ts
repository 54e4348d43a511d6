import { type LinkCredentials, presignedLink } from '../../../shared/runtime/presigned-link.ts';
import { isUploadId } from '../../../shared/sending/upload-store.ts';
import { localCredentials, region } from '../../local/identities.ts';
import { CommandFailed } from '../command.ts';
import { why } from '../doctor/gateway-seen.ts';
import { tableOf } from '../gateway-table.ts';
import { runningGateway } from '../running-gateway.ts';
import { deployedStack } from '../stack-outputs.ts';
import { stackResources } from '../stack-resources.ts';
import { type HeldItem, rowOf } from './held-items.ts';

const linkForSeconds = 60;
const timeoutMs = 10_000;

/** Where uploads lie, with the right to remove them. */
export interface UploadBucket {
  readonly url: string;
  readonly region: string;
  readonly credentials: LinkCredentials;
}

/** The bucket of the gateway on this machine or, with a stage, of the one deployed under that name. */
export async function uploadBucket(stage: string | undefined): Promise<UploadBucket> {
  if (stage === undefined) {
    const url = Object.entries(runningGateway('').buckets ?? {}).find(([id]) =>
      id.startsWith('Uploads'),
    )?.[1];
    if (!url)
      throw new CommandFailed('The running gateway does not tell its bucket. Start it again: npm run dev');
    return { url, region, credentials: localCredentials };
  }
  const stack = await deployedStack(stage);
  const buckets = await stackResources(stack, 'AWS::S3::Bucket');
  const name = buckets.find(({ logicalId }) => logicalId.startsWith('Uploads'))?.physicalId;
  if (!name) throw new CommandFailed(`The stack ${stack.name} has no bucket for uploads: npm run deploy`);
  const { config } = tableOf(stack).client;
  const [credentials, itsRegion] = await Promise.all([config.credentials(), config.region()]);
  return { url: `https://${name}.s3.${itsRegion}.amazonaws.com`, region: itsRegion, credentials };
}

/** The files that were sent to the person: a send names the uploads that it was made of. */
export function uploadsOf(items: readonly HeldItem[]): readonly string[] {
  const rows = items.flatMap(({ kind, item }) => (kind === 'send' ? [rowOf(item)] : []));
  const ids = rows.flatMap(({ parts }) =>
    [...JSON.stringify(parts).matchAll(/"upload_id":"([^"]+)"/g)].map(([, id = '']) => id),
  );
  return [...new Set(ids)].filter(isUploadId);
}

/** Removes a file, if it is there still. */
export async function removeUpload(
  { url, region: where, credentials }: UploadBucket,
  id: string,
): Promise<void> {
  const link = presignedLink(
    {
      method: 'DELETE',
      url: `${url}/uploads/${id}`,
      expiresInSeconds: linkForSeconds,
      atMs: Date.now(),
      region: where,
    },
    credentials,
  );
  const answer = await fetch(link, { method: 'DELETE', signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown): never => {
      throw new CommandFailed(`An uploaded file could not be removed: ${why(error)}`);
    },
  );
  if (!answer.ok)
    throw new CommandFailed(`An uploaded file could not be removed: S3 answered ${answer.status}.`);
}
