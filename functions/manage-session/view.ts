import * as z from 'zod/mini';
import { keyKinds, roles } from '../../shared/runtime/keys.ts';

export const sessionView = z
  .object({
    name: z.string(),
    kind: z.enum(keyKinds),
    roles: z.array(z.enum(roles)),
    expires_at: z.optional(z.string()),
  })
  .register(z.globalRegistry, {
    id: 'Session',
    description: 'Whose key it is; `expires_at` where a session was opened with it.',
  });
