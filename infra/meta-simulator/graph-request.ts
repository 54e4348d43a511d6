import type { IncomingMessage } from 'node:http';
import { GraphError, invalidParameter } from './graph-errors.ts';

/** Never told in the record of calls. */
const secrets = [
  'access_token',
  'appsecret_proof',
  'client_secret',
  'input_token',
  'fb_exchange_token',
  'code',
  'verify_token',
];

const maxBodyBytes = 1024 * 1024;

export interface GraphRequest {
  readonly method: string;
  /** As asked, with the version when there is one. */
  readonly path: string;
  /** `v25.0`, or undefined when the path names none. */
  readonly version: string | undefined;
  /** The path behind the version. */
  readonly segments: readonly string[];
  /** Without the token and its proof. */
  readonly query: ReadonlyMap<string, string>;
  /** Without the token and its proof. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
  /** `appsecret_proof`, when one is given. */
  readonly proof: string | undefined;
}

/** Reads a request to its end. Throws `GraphError` 100 for what Graph cannot read, 413 above 1 MiB. */
export async function readGraphRequest(incoming: IncomingMessage): Promise<GraphRequest> {
  const url = new URL(incoming.url ?? '/', 'http://graph.invalid');
  const text = await readText(incoming);
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const body = isForm ? parseForm(text) : parseBody(text);
  const query = new Map(url.searchParams);
  const bearer = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
  const token = bearer ?? query.get('access_token') ?? body.access_token;
  const proof = query.get('appsecret_proof') ?? body.appsecret_proof;
  for (const secret of ['access_token', 'appsecret_proof']) {
    query.delete(secret);
    delete body[secret];
  }

  const [first, ...rest] = pathSegments(url.pathname);
  const version = first !== undefined && /^v\d+\.\d+$/.test(first) ? first : undefined;
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    version,
    segments: version !== undefined || first === undefined ? rest : [first, ...rest],
    query,
    body,
    token: typeof token === 'string' ? token : undefined,
    proof: typeof proof === 'string' ? proof : undefined,
  };
}

function pathSegments(pathname: string): readonly string[] {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw invalidParameter('The path is not valid percent-encoding');
  }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to the end even when it is too long: leaving earlier would cut the connection before the answer.
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBodyBytes) chunks.push(chunk);
  }
  if (bytes > maxBodyBytes)
    throw new GraphError('(#100) The request is too large', 100, undefined, { status: 413 });
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  const body = parseJson(text);
  if (!isRecord(body)) throw invalidParameter('The request body is not a JSON object');
  return body;
}

/** A form's fields hold JSON where the API asks for an object or a list. */
function parseForm(text: string): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    fields[name] = /^[[{]/.test(value) ? parseJson(value) : value;
  }
  return fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidParameter('The request body is not valid JSON');
  }
}

/** What a call may show of its parameters. */
export function withoutSecrets(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !secrets.includes(name)));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
