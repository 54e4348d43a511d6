import { HttpError } from '../runtime/http/http-error.ts';

/**
 * The address under which Meta fetches an uploaded file.
 * @throws HttpError 400 `unknown_upload` for an id that names no upload.
 */
export async function uploadUrl(_uploadId: string): Promise<string> {
  throw new HttpError(400, 'unknown_upload', 'There is no upload of this id: uploads are kept for a day.');
}
