import { randomUUID } from 'node:crypto';
import { required } from '../runtime/environment.ts';
import { HttpError } from '../runtime/http/http-error.ts';
import { type LinkRequest, presignedLink } from '../runtime/presigned-link.ts';
import { beginningBytes, type UploadType, uploadTypes } from './upload-types.ts';

declare const brand: unique symbol;
/** 32 hexadecimal digits that nobody guesses, and the type: `3f2c….mp4`. */
export type UploadId = string & { readonly [brand]: 'UploadId' };

/** A caller begins at once; S3 looks at the time when the request begins, not when it ends. */
export const putForSeconds = 15 * 60;
/** Meta fetches while it is asked, a video for up to 75 s; the rest is for clocks that differ. MP §3.4 */
export const fetchForSeconds = 15 * 60;
const readTimeoutMs = 5_000;

const idPattern = new RegExp(`^[0-9a-f]{32}\\.(${uploadTypes.map(({ extension }) => extension).join('|')})$`);

export const isUploadId = (text: string): text is UploadId => idPattern.test(text);

export const newUploadId = ({ extension }: UploadType) =>
  `${randomUUID().replaceAll('-', '')}.${extension}` as UploadId;

/** What the upload was announced as. */
export function typeOfUpload(id: UploadId): UploadType {
  const type = uploadTypes.find(({ extension }) => id.endsWith(`.${extension}`));
  if (!type) throw new RangeError('An upload of no known type');
  return type;
}

/** Where the caller puts the file: exactly so many bytes of this type, or S3 refuses it. */
export function linkToPut(id: UploadId, sizeBytes: number, nowMs: number): string {
  const headers = { 'content-length': String(sizeBytes), 'content-type': typeOfUpload(id).contentTypes[0] };
  return linkTo(id, { method: 'PUT', headers, expiresInSeconds: putForSeconds, atMs: nowMs });
}

/** Where Meta fetches the file. */
export function linkToFetch(id: UploadId, nowMs: number): string {
  return linkTo(id, { method: 'GET', expiresInSeconds: fetchForSeconds, atMs: nowMs });
}

/**
 * The first bytes of an uploaded file; `undefined` when there is none. S3 answers 403 for what there is not to
 * whoever may not list the bucket, as here.
 * @throws HttpError 503 when S3 cannot be read.
 */
export async function beginningOf(id: UploadId): Promise<Buffer | undefined> {
  const answer = await fetch(linkToFetch(id, Date.now()), {
    headers: { range: `bytes=0-${beginningBytes - 1}` },
    signal: AbortSignal.timeout(readTimeoutMs),
  }).catch((cause: unknown) => {
    throw unavailable(cause);
  });
  const content = Buffer.from(await answer.arrayBuffer());
  if (answer.ok) return content;
  if (answer.status === 403 || answer.status === 404) return undefined;
  throw unavailable(`S3 answered ${answer.status}`);
}

const unavailable = (cause: unknown) =>
  new HttpError(
    503,
    'uploads_unavailable',
    'The upload could not be read just now. Nothing was sent: try again.',
    {
      cause,
      headers: { 'retry-after': '2' },
    },
  );

function linkTo(id: UploadId, request: Omit<LinkRequest, 'url' | 'region'>): string {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_REGION || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error(
      'Missing required environment variables: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY',
    );
  }
  return presignedLink(
    {
      ...request,
      url: `${bucketUrl(required('UPLOADS_BUCKET'), AWS_REGION)}/uploads/${id}`,
      region: AWS_REGION,
    },
    {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  );
}

/** Whither a page sends its files; `undefined` where there is no bucket. */
export function uploadsOrigin(): string | undefined {
  const { AWS_REGION, UPLOADS_BUCKET } = process.env;
  return AWS_REGION && UPLOADS_BUCKET ? new URL(bucketUrl(UPLOADS_BUCKET, AWS_REGION)).origin : undefined;
}

/** The region's own host: the global one redirects, for hours after a bucket was made, and Meta need not follow. */
function bucketUrl(bucket: string, region: string): string {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3;
  return endpoint ? `${endpoint}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
}
