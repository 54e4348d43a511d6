import { success } from '../../shared/runtime/http/answers.ts';
import { apiHandler } from '../../shared/runtime/http/api-handler.ts';
import { log } from '../../shared/runtime/log.ts';
import { linkToPut, newUploadId, putForSeconds } from '../../shared/sending/upload-store.ts';
import { announcedType } from './announce.ts';
import { createUploadRequest } from './request.ts';

/**
 * Gives out the address to which a file from disk is put. It goes to S3 directly: API Gateway takes 10 MB and Lambda
 * 6 MB, and a video may have 25.
 */
export const handler = apiHandler('send', { body: createUploadRequest }, async ({ body, requestId }) => {
  const type = announcedType(body);
  const uploadId = newUploadId(type);
  const nowMs = Date.now();
  log.info('upload', { request_id: requestId, kind: type.kind, size_bytes: body.size_bytes });
  return success({
    data: {
      upload_id: uploadId,
      kind: type.kind,
      method: 'PUT',
      url: linkToPut(uploadId, body.size_bytes, nowMs),
      headers: { 'content-type': type.contentTypes[0] },
      expires_at: new Date(nowMs + putForSeconds * 1000).toISOString(),
    },
  });
});
