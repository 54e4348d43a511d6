import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { beginningOf, isUploadId, typeOfUpload } from '../../shared/sending/upload-store.ts';
import type { UploadKind } from '../../shared/sending/upload-types.ts';
import type { MediaSource } from './media-source.ts';
import type { MessageObject } from './message.ts';

interface Use {
  /** The field's path in the request. */
  readonly field: string;
  readonly kind: UploadKind;
  readonly uploadId: string;
}

/**
 * Looks at every upload that a message names: whether it is there, of the kind as which it is sent, and what it was
 * announced as. Meta would say only that it could not use the file.
 * @throws HttpError 400 that names each field at fault.
 */
export async function checkUploads(message: MessageObject): Promise<void> {
  const uses = usesOf(message);
  const faults = (await Promise.all(uses.map(faultOf))).flatMap((fault) => fault ?? []);
  const [first] = faults;
  if (!first) return;
  throw new HttpError(400, first.code, faults.map(({ message: said }) => said).join(' '), {
    details: { fields: faults.map(({ field, message: said }) => ({ field, message: said })) },
  });
}

function usesOf({ image, images = [], video, audio, file }: MessageObject): Use[] {
  const sources: readonly (readonly [field: string, UploadKind, MediaSource | undefined])[] = [
    ['message.image', 'image', image],
    ...images.map((each, place) => [`message.images.${place}`, 'image', each] as const),
    ['message.video', 'video', video],
    ['message.audio', 'audio', audio],
    ['message.file', 'file', file],
  ];
  return sources.flatMap(([field, kind, source]) =>
    source?.upload_id === undefined
      ? []
      : [{ field: `${field}.upload_id`, kind, uploadId: source.upload_id }],
  );
}

interface Fault {
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

async function faultOf({ field, kind, uploadId }: Use): Promise<Fault | undefined> {
  const fault = (code: string, said: string) => ({ code, field, message: `${field} ${said}` });
  const none =
    'names no uploaded file: put the file to the address that POST /api/uploads gave. Uploads are kept for a day.';
  if (!isUploadId(uploadId)) return fault('unknown_upload', none);
  const type = typeOfUpload(uploadId);
  if (type.kind !== kind) {
    return fault(
      'wrong_upload',
      `is of the kind ${type.kind} (${type.contentTypes[0]}): send it as "${type.kind}".`,
    );
  }
  const beginning = await beginningOf(uploadId);
  if (!beginning) return fault('unknown_upload', none);
  if (type.isSeenIn(beginning)) return undefined;
  return fault(
    'wrong_upload',
    `was announced as ${type.contentTypes[0]}, which its content is not: upload it as what it is.`,
  );
}
