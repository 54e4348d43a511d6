import { expiredMediaStatus } from './call-faults.ts';
import type { World } from './world.ts';

const megabyte = 1024 * 1024;
const maxImageBytes = 8 * megabyte;
const maxOtherBytes = 25 * megabyte;
const maxTotalBytes = 200 * megabyte;
/** Meta's addresses end after a time it does not tell; a day is short enough to be met in a test. */
const lifetimeMs = 24 * 60 * 60 * 1000;

/** What a customer can send, and what a message calls it. No type among them that a browser would run. */
const attachmentTypes: Readonly<Record<string, string>> = {
  'image/png': 'image',
  'image/jpeg': 'image',
  'image/gif': 'image',
  'image/webp': 'image',
  'audio/aac': 'audio',
  'audio/mp4': 'audio',
  'audio/mpeg': 'audio',
  'audio/ogg': 'audio',
  'audio/wav': 'audio',
  'audio/x-wav': 'audio',
  'audio/x-m4a': 'audio',
  'audio/webm': 'audio',
  'video/mp4': 'video',
  'video/ogg': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'application/pdf': 'file',
};

/** Nobody could send this; the message says why. */
export class MediaRefused extends Error {
  override readonly name = 'MediaRefused';
  /** Of HTTP. */
  readonly status: number;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

export interface HeldMedia {
  readonly id: string;
  /** The content type, without parameters. */
  readonly type: string;
  /** As a message names it: image, audio, video or file. */
  readonly attachmentType: string;
  readonly bytes: Buffer;
  readonly expiresAtMs: number;
}

export interface Media {
  /** Throws MediaRefused for a type that customers cannot send, or for too many bytes. */
  add(contentType: string, bytes: Buffer): HeldMedia;
  /** The status when there is nothing: unknown, expired by the clock, or struck by the fault. */
  read(id: string): HeldMedia | 403 | 404;
}

/** What customers uploaded, in memory; the oldest make room. */
export function createMedia(world: World): Media {
  const { clock, random } = world;
  const held = new Map<string, HeldMedia>();
  let totalBytes = 0;
  return {
    add(contentType, bytes) {
      const [type = ''] = contentType.toLowerCase().split(';');
      const attachmentType = attachmentTypes[type.trim()];
      if (attachmentType === undefined)
        throw new MediaRefused(415, `A customer cannot send ${type || 'this'}.`);
      const maxBytes = attachmentType === 'image' ? maxImageBytes : maxOtherBytes;
      if (bytes.length === 0) throw new MediaRefused(400, 'The file is empty.');
      if (bytes.length > maxBytes) {
        throw new MediaRefused(413, `${attachmentType} files may have ${maxBytes / megabyte} MB at most.`);
      }
      const id = random.bytes(12).toString('hex');
      const media = { id, type: type.trim(), attachmentType, bytes, expiresAtMs: clock.nowMs() + lifetimeMs };
      held.set(id, media);
      totalBytes += bytes.length;
      for (const [oldest, { bytes: old }] of held) {
        if (totalBytes <= maxTotalBytes) break;
        held.delete(oldest);
        totalBytes -= old.length;
      }
      return media;
    },
    read(id) {
      const media = held.get(id);
      if (!media) return 404;
      return expiredMediaStatus(world) ?? (clock.nowMs() >= media.expiresAtMs ? 403 : media);
    },
  };
}

export const maxMediaBytes = maxOtherBytes;
