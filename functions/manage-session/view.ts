import * as z from 'zod/mini';
import { keyKinds, roles } from '../../shared/runtime/keys.ts';

export const sessionView = z
  .object({
    key_id: z.string(),
    name: z.string(),
    kind: z.enum(keyKinds),
    roles: z.array(z.enum(roles)),
    expires_at: z.optional(z.string()),
  })
  .register(z.globalRegistry, {
    id: 'Session',
    description:
      'Whose key it is, with the start of its id; `expires_at` where a session was opened with it.',
  });
