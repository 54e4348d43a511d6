import * as z from 'zod/mini';
import { objectError, typeError } from '../../shared/runtime/http/field-faults.ts';

export const createUploadRequest = z
  .strictObject(
    {
      content_type: z.string({ error: typeError('a string, such as image/jpeg') }),
      /** Of the file. S3 takes exactly so many. */
      size_bytes: z
        .int({ error: typeError("a whole number: the file's size in bytes") })
        .check(z.minimum(1, { error: '{field} must be at least 1: an empty file cannot be sent.' })),
    },
    { error: objectError('content_type and size_bytes') },
  )
  .register(z.globalRegistry, {
    id: 'CreateUploadRequest',
    description: 'The file that will be put: its type and its exact size.',
    examples: [{ content_type: 'video/mp4', size_bytes: 12_582_912 }],
  });
export type CreateUploadRequest = z.infer<typeof createUploadRequest>;
