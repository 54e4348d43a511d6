import * as z from 'zod/mini';

export const uploadView = z
  .object({
    /** For `upload_id` in the message. */
    upload_id: z.string(),
    /** As what it can be sent. */
    kind: z.enum(['image', 'video', 'audio', 'file']),
    method: z.literal('PUT'),
    /** Takes the file once or several times until `expires_at`; the last one counts. */
    url: z.string(),
    /** To be sent with it, as they are. */
    headers: z.record(z.string(), z.string()),
    expires_at: z.string(),
  })
  .register(z.globalRegistry, {
    id: 'Upload',
    description: 'Where a file is put, and under which id it is sent.',
  });
