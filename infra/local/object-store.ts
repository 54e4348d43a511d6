import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeWhole } from './data-folder.ts';
import { type CorsRule, corsHeaders } from './object-cors.ts';
import { checkLink, S3Error } from './object-links.ts';

export interface BucketSettings {
  readonly cors: readonly CorsRule[];
  /** Objects that are older go at the next start; absent: never. */
  readonly expireAfterDays?: number;
}

export interface ObjectStore {
  /** Makes the bucket unless it exists. */
  ensure(bucket: string, settings: BucketSettings): void;
  /** Whether the path is one of a bucket's objects. */
  serves(path: string): boolean;
  /** Answers a request for an object. @returns the status. */
  answer(incoming: IncomingMessage, response: ServerResponse): Promise<number>;
}

const dayMs = 24 * 60 * 60 * 1000;
/** What S3 takes in one request. */
const maxObjectBytes = 5 * 1024 ** 3;

/**
 * S3 by presigned links alone: `PUT`, `DELETE` and `GET` (with a range) of an object under `/bucket/key`, and CORS.
 * Objects are files in `folder`. `endpoint` is the origin for which links are signed.
 */
export function createObjectStore(folder: string, endpoint: string): ObjectStore {
  const buckets = new Map<string, BucketSettings>();
  const bucketOf = (path: string) => buckets.get(path.split('/')[1] ?? '');
  return {
    ensure: (bucket, settings) => {
      buckets.set(bucket, settings);
      mkdirSync(join(folder, bucket), { recursive: true, mode: 0o700 });
      if (settings.expireAfterDays !== undefined) {
        removeOlderThan(join(folder, bucket), Date.now() - settings.expireAfterDays * dayMs);
      }
    },
    serves: (path) => bucketOf(path) !== undefined,
    answer: async (incoming, response) => {
      const { pathname } = new URL(incoming.url ?? '/', endpoint);
      const cors = corsHeaders(incoming, bucketOf(pathname)?.cors ?? [], endpoint);
      try {
        return await serve(incoming, response, { file: fileOf(folder, pathname), endpoint, cors });
      } catch (error) {
        const { status, code, message } =
          error instanceof S3Error
            ? error
            : new S3Error(500, 'InternalError', 'We encountered an internal error.');
        if (response.headersSent) response.destroy();
        else {
          incoming.resume();
          response.writeHead(status, { ...cors, 'content-type': 'application/xml' });
          response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
        }
        return status;
      }
    },
  };
}

interface Place {
  readonly file: string;
  readonly endpoint: string;
  readonly cors: Readonly<Record<string, string>>;
}

async function serve(incoming: IncomingMessage, response: ServerResponse, place: Place): Promise<number> {
  const { method = '', url: target = '/', headers } = incoming;
  switch (method) {
    case 'OPTIONS': {
      const isAllowed = 'access-control-allow-origin' in place.cors;
      if (!isAllowed)
        throw new S3Error(403, 'AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
      response.writeHead(200, place.cors).end();
      return 200;
    }
    case 'PUT':
      checkLink({ method, target, headers }, place.endpoint, Date.now());
      await put(incoming, place.file);
      response.writeHead(200, { ...place.cors, 'content-length': 0 }).end();
      return 200;
    case 'GET':
      checkLink({ method, target, headers }, place.endpoint, Date.now());
      return get(incoming, response, place);
    case 'DELETE':
      checkLink({ method, target, headers }, place.endpoint, Date.now());
      await Promise.all([rm(place.file, { force: true }), rm(`${place.file}.json`, { force: true })]);
      // Also where there was none, as S3 does.
      response.writeHead(204).end();
      return 204;
    default:
      throw new S3Error(405, 'MethodNotAllowed', `${method} is not emulated on this machine.`);
  }
}

interface Description {
  readonly contentType: string;
}

/** Beside it first, so that a broken upload is no object. */
async function put(incoming: IncomingMessage, file: string): Promise<void> {
  const { 'content-length': length, 'content-type': contentType = 'binary/octet-stream' } = incoming.headers;
  if (length === undefined) {
    throw new S3Error(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  if (Number(length) > maxObjectBytes) {
    throw new S3Error(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  }
  const draft = `${file}.${randomUUID()}.new`;
  try {
    await pipeline(incoming, createWriteStream(draft, { mode: 0o600 }));
    const description: Description = { contentType };
    writeWhole(`${file}.json`, JSON.stringify(description));
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function get(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { file, cors }: Place,
): Promise<number> {
  const { size } = await stat(file).catch(() => {
    // As S3 answers whoever may not list the bucket.
    throw new S3Error(403, 'AccessDenied', 'Access Denied');
  });
  const { contentType } = JSON.parse(await readFile(`${file}.json`, 'utf8')) as Description;
  const range = rangeOf(headers.range, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const status = range ? 206 : 200;
  response.writeHead(status, {
    ...cors,
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'content-length': end - start + 1,
    ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
  });
  await pipeline(createReadStream(file, { start, end }), response);
  return status;
}

function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined) return undefined;
  const start = Number(first);
  const end = last ? Math.min(Number(last), size - 1) : size - 1;
  if (start > end) throw new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable');
  return { start, end };
}

/** A key has slashes and whatever else: as one name it stays in its bucket's folder. */
function fileOf(folder: string, pathname: string): string {
  const [, bucket = '', ...key] = pathname.split('/');
  return join(folder, bucket, `o-${encodeURIComponent(decodeURIComponent(key.join('/')))}`);
}

function removeOlderThan(folder: string, beforeMs: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (statSync(file).mtimeMs < beforeMs) rmSync(file, { force: true });
  }
}
