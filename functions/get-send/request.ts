import * as z from 'zod/mini';

export const getSendPath = z.object({ send_id: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/)) });
