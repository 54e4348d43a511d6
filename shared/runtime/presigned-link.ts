import { createHash, createHmac } from 'node:crypto';

/** What may be done with a link, and for how long. */
export interface LinkRequest {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** The object's address, without a query. */
  readonly url: string;
  /** Whoever uses the link must send exactly these headers. Names in lower case, `host` left out. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly expiresInSeconds: number;
  readonly atMs: number;
  readonly region: string;
}

export interface LinkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials, such as a function's: the link ends with them at the latest. */
  readonly sessionToken?: string;
}

const algorithm = 'AWS4-HMAC-SHA256';

/**
 * The address under which anybody may do one thing with one object in S3, for a while, by the rights of the
 * credentials. Made without a call. Written out here, since the SDK's client and presigner for S3 would double the
 * size of the functions that need nothing else of them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignedLink(request: LinkRequest, credentials: LinkCredentials): string {
  const { headers = {}, expiresInSeconds, atMs, region } = request;
  const url = new URL(request.url);
  const time = new Date(atMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const signed = Object.entries({ ...headers, host: url.host }).toSorted(byName);
  const signedNames = signed.map(([name]) => name).join(';');
  const query = [
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(expiresInSeconds)],
    ...(credentials.sessionToken ? [['X-Amz-Security-Token', credentials.sessionToken]] : []),
    ['X-Amz-SignedHeaders', signedNames],
  ]
    .map(([name = '', value = '']) => `${escaped(name)}=${escaped(value)}`)
    .join('&');
  const canonicalRequest = [
    request.method,
    url.pathname
      .split('/')
      .map((part) => escaped(decodeURIComponent(part)))
      .join('/'),
    query,
    ...signed.map(([name, value]) => `${name}:${value.trim()}`),
    '',
    signedNames,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const signature = [
    time.slice(0, 8),
    region,
    's3',
    'aws4_request',
    stringToSign(time, scope, canonicalRequest),
  ]
    .reduce<string | Buffer>(
      (key, text) => createHmac('sha256', key).update(text).digest(),
      `AWS4${credentials.secretAccessKey}`,
    )
    .toString('hex');
  return `${url.origin}${url.pathname}?${query}&X-Amz-Signature=${signature}`;
}

function stringToSign(time: string, scope: string, canonicalRequest: string): string {
  return [algorithm, time, scope, createHash('sha256').update(canonicalRequest).digest('hex')].join('\n');
}

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : 1);

/** As RFC 3986 has it: `encodeURIComponent` leaves five characters that AWS escapes. */
const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
