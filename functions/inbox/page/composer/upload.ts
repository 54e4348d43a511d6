import { api } from '../api/api.ts';
import type { MediaKind } from '../api/shapes.ts';
import { messageOf } from '../store/connection.ts';
import { text } from '../text.ts';

/** A file in the composer: on its way to the gateway, there, or refused. */
export interface Attached {
  readonly key: string;
  readonly name: string;
  readonly kind: MediaKind;
  /** For a look at it before it is sent. */
  readonly previewUrl?: string;
  readonly source?: { readonly upload_id: string } | { readonly url: string };
  readonly error?: string;
}

/** Looks of what was uploaded here, by upload id, for the bubble that is on its way. */
export const previewUrls = new Map<string, string>();

const megabyte = 1024 * 1024;
const limitMb: Readonly<Record<MediaKind, number>> = { image: 8, video: 25, audio: 25, file: 25 };

export const acceptedTypes =
  'image/png,image/jpeg,image/gif,video/mp4,video/quicktime,video/webm,video/ogg,video/x-msvideo,audio/mp4,audio/x-m4a,audio/aac,audio/wav,audio/x-wav,application/pdf';

export function kindOfType(contentType: string): MediaKind | undefined {
  const [family] = contentType.split('/');
  if (family === 'image' || family === 'video' || family === 'audio') return family;
  return contentType === 'application/pdf' ? 'file' : undefined;
}

/** What is told at once; the rest is judged by the gateway, which knows all types. */
export function attachedFile(file: File): Attached {
  const kind = kindOfType(file.type);
  const attached = { key: crypto.randomUUID(), name: file.name, kind: kind ?? 'file' } as const;
  if (!kind) return { ...attached, error: text.composer.wrongType(file.name) };
  if (file.size > limitMb[kind] * megabyte) {
    return { ...attached, error: text.composer.tooLarge(file.name, limitMb[kind]) };
  }
  return kind === 'image' ? { ...attached, previewUrl: URL.createObjectURL(file) } : attached;
}

/** Puts a file where Instagram can fetch it. The browser sends it straight to the bucket. */
export async function uploadFile(attached: Attached, file: File): Promise<Attached> {
  try {
    const { upload_id, url, headers } = await api.createUpload(file.type, file.size);
    const { ok, status } = await fetch(url, {
      method: 'PUT',
      body: file,
      headers: { ...headers },
      credentials: 'omit',
    });
    if (!ok) return { ...attached, error: `${text.composer.uploadFailed} (${status})` };
    if (attached.previewUrl !== undefined) previewUrls.set(upload_id, attached.previewUrl);
    return { ...attached, source: { upload_id } };
  } catch (error) {
    return { ...attached, error: `${text.composer.uploadFailed} ${messageOf(error)}` };
  }
}
