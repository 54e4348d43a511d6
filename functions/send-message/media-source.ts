import * as z from 'zod/mini';
import { objectError } from '../../shared/runtime/http/field-faults.ts';
import { idField } from './id-fields.ts';

/**
 * An address that Meta fetches. It needs valid TLS; plain http reaches this machine alone, where a simulated Meta
 * may run. MP §3.4
 */
export const fetchedUrl = z.string({ error: '{field} must be a string: an https address.' }).check(
  z.refine(isFetched, {
    error: '{field} must be an address that begins with https://, since Meta fetches the file from there.',
  }),
);

function isFetched(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && /^(?:localhost|\[::1\]|127(?:\.\d+){3})$/.test(url.hostname);
}

const members = 'one of url, upload_id and attachment_id';

/** Where a file comes from: an address, an upload to this gateway, or one to Meta. */
export const mediaSource = z
  .strictObject(
    {
      url: z.optional(fetchedUrl),
      upload_id: z.optional(
        z
          .string({ error: '{field} must be a string, as POST /api/uploads gave it.' })
          .check(
            z.minLength(1, { error: '{field} is empty.' }),
            z.maxLength(256, { error: '{field} is longer than any upload id.' }),
          ),
      ),
      attachment_id: z.optional(idField("as Meta's message_attachments gave it")),
    },
    { error: objectError(members) },
  )
  .check(
    z.refine((source) => Object.values(source).filter((each) => each !== undefined).length === 1, {
      error: `{field} must have ${members}.`,
    }),
  )
  .register(z.globalRegistry, {
    id: 'MediaSource',
    description:
      'Exactly one of: `url` (https, fetched by Meta), `upload_id` (a file uploaded here), `attachment_id` (one uploaded at Meta, by `message_attachments`).',
    examples: [{ url: 'https://shop.example/catalogue.pdf' }],
  });
export type MediaSource = z.infer<typeof mediaSource>;
