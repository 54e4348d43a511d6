import { extname } from 'node:path/posix';
import type { Readings } from './readings.ts';
import { sendErrors } from './send-errors.ts';

export const mediaTypes = ['image', 'video', 'audio', 'file'] as const;
export type MediaType = (typeof mediaTypes)[number];

const megabyte = 1024 * 1024;

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api */
const rules: Readonly<Record<MediaType, { readonly formats: readonly string[]; readonly maxBytes: number }>> =
  {
    audio: { formats: ['aac', 'm4a', 'wav', 'mp4'], maxBytes: 25 * megabyte },
    image: { formats: ['png', 'jpeg', 'jpg', 'gif'], maxBytes: 8 * megabyte },
    video: { formats: ['mp4', 'ogg', 'avi', 'mov', 'webm'], maxBytes: 25 * megabyte },
    file: { formats: ['pdf'], maxBytes: 25 * megabyte },
  };

/** The other names under which servers announce these formats. */
const formatNames: ReadonlyMap<string, string> = new Map([
  ['audio/x-m4a', 'm4a'],
  ['audio/x-wav', 'wav'],
  ['audio/wave', 'wav'],
  ['video/quicktime', 'mov'],
  ['video/x-msvideo', 'avi'],
]);

/** Meta cuts the fetch of a video after 75 s. */
const fetchTimeoutMs = 75_000;

/**
 * Checks the media of a send by its type and size. Only a loopback URL is fetched, headers first and at most as
 * many bytes as are allowed; another host's file is taken on trust by the extension of its path, and has to be
 * https. A path without an extension passes. Throws `GraphError`.
 */
export async function checkMedia(type: MediaType, url: string, readings: Readings): Promise<void> {
  const { protocol, hostname, pathname } = new URL(url);
  if (isLoopback(hostname)) {
    await checkServed(type, url, readings);
    return;
  }
  if (protocol !== 'https:') throw sendErrors.mediaUnreachable();
  const extension = extname(pathname).slice(1).toLowerCase();
  if (extension !== '') checkFormat(type, extension, readings);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

async function checkServed(type: MediaType, url: string, readings: Readings): Promise<void> {
  const signal = AbortSignal.timeout(fetchTimeoutMs);
  // A redirect could lead away from this machine.
  const response = await fetch(url, { redirect: 'error', signal }).catch(() => undefined);
  if (!response?.ok) {
    await response?.body?.cancel();
    if (signal.aborted && type === 'video') throw sendErrors.videoTimedOut();
    throw sendErrors.mediaUnreachable();
  }
  try {
    const mime = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    checkFormat(type, formatNames.get(mime) ?? mime.slice(mime.indexOf('/') + 1), readings);
    await checkSize(response, rules[type].maxBytes);
  } catch (error) {
    if (signal.aborted) throw type === 'video' ? sendErrors.videoTimedOut() : sendErrors.mediaUnreachable();
    throw error;
  } finally {
    if (!response.bodyUsed) await response.body?.cancel();
  }
}

async function checkSize({ headers, body }: Response, maxBytes: number): Promise<void> {
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw sendErrors.mediaTooBig();
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw sendErrors.mediaTooBig();
  }
}

function checkFormat(type: MediaType, format: string, { gifImages }: Readings): void {
  const isRefusedGif = format === 'gif' && gifImages === 'refused';
  if (!rules[type].formats.includes(format) || isRefusedGif) throw sendErrors.mediaMismatch();
}
