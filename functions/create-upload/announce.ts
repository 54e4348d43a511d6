import { HttpError } from '../../shared/runtime/http/http-error.ts';
import {
  maxUploadBytes,
  type UploadType,
  uploadTypeOf,
  uploadTypes,
} from '../../shared/sending/upload-types.ts';
import type { CreateUploadRequest } from './request.ts';

const kinds = ['image', 'video', 'audio', 'file'] as const;
const listed = kinds
  .map((kind) => {
    const names = uploadTypes.filter((type) => type.kind === kind).map(({ contentTypes }) => contentTypes[0]);
    return `${kind}: ${names.join(', ')}`;
  })
  .join('; ');

/**
 * The type of an announced file, if Instagram takes it.
 * @throws HttpError 415 for another type, 413 for a file that is too large.
 */
export function announcedType({ content_type, size_bytes }: CreateUploadRequest): UploadType {
  const type = uploadTypeOf(content_type);
  if (!type) {
    const message = `content_type is ${content_type.slice(0, 100)}, which Instagram does not take. It takes ${listed}.`;
    throw new HttpError(415, 'unsupported_file_type', message, {
      details: { fields: [{ field: 'content_type', message }] },
    });
  }
  const limit = maxUploadBytes[type.kind];
  if (size_bytes > limit) {
    const message = `size_bytes is ${size_bytes}, and Instagram takes at most ${limit} bytes (${limit / 1024 / 1024} MB) of ${type.kind === 'audio' ? 'audio' : `one ${type.kind}`}.`;
    throw new HttpError(413, 'file_too_large', message, {
      details: { fields: [{ field: 'size_bytes', message, limit, size: size_bytes }] },
    });
  }
  return type;
}
