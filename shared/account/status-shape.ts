import * as z from 'zod/mini';

/** The shape in which the API shows the account's health. Times are ISO 8601, UTC. */
const findingView = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    is_likely: z.optional(z.literal(true)),
    found: z.string(),
    means: z.string(),
    to_do: z.string(),
    evidence: z.optional(z.array(z.string())),
  })
  .register(z.globalRegistry, {
    id: 'Finding',
    description:
      'One thing that is wrong. `code` is stable. `is_likely` marks what Meta tells by no API: it is inferred from `evidence`.',
  });

export const statusView = z
  .object({
    checked_at: z.optional(z.string()),
    account: z.object({
      login: z.optional(z.enum(['facebook', 'instagram'])),
      ig_user_id: z.optional(z.string()),
      username: z.optional(z.string()),
      page_id: z.optional(z.string()),
      app_id: z.optional(z.string()),
      token_expires_at: z.optional(z.string()),
      data_access_expires_at: z.optional(z.string()),
      subscribed_fields: z.optional(z.array(z.string())),
    }),
    findings: z.array(findingView),
    unchecked: z.array(z.object({ check: z.string(), why: z.string() })),
    last_delivery_at: z.optional(z.string()),
    last_handshake_at: z.optional(z.string()),
    last_signature_failure_at: z.optional(z.string()),
    /** How the store compared with Meta's conversations when it was looked at last. */
    last_reconcile: z.optional(
      z.object({
        reconciled_at: z.string(),
        threads_listed: z.int(),
        threads_read: z.int(),
        messages_found: z.int(),
        gaps: z.object({ unreadable: z.int(), absent: z.int() }),
        threads_failed: z.int(),
        is_complete: z.boolean(),
      }),
    ),
  })
  .register(z.globalRegistry, {
    id: 'Status',
    description:
      'What the hourly check of the connection to Meta found last, and when Meta was last heard of. `checked_at` is absent before the first check; `unchecked` lists what could not be checked, and why.',
  });
export type StatusView = z.infer<typeof statusView>;
