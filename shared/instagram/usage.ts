import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod/mini';

/** How much of Meta's allowance is used up, by what it tells beside an answer. */
export interface Usage {
  /** Of what is nearest to its end. Meta throttles at 100. */
  readonly percent: number;
  /** Until Meta gives access again, when it throttles; 0 where it tells none. */
  readonly regainMs: number;
}

const shares = {
  call_count: z.optional(z.number()),
  total_cputime: z.optional(z.number()),
  total_time: z.optional(z.number()),
};
const ofApp = z.object(shares);
const ofBusiness = z.record(
  z.string(),
  z.array(
    z.object({
      ...shares,
      type: z.optional(z.string()),
      /** In minutes. */
      estimated_time_to_regain_access: z.optional(z.number()),
    }),
  ),
);

/** Which of them messaging counts under is not documented. */
const messagingTypes = ['messenger', 'instagram', 'pages'];

/**
 * Reads `X-App-Usage` and `X-Business-Use-Case-Usage`; what cannot be read counts as none.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export function usageOf(headers: IncomingHttpHeaders): Usage {
  const app = ofApp.safeParse(json(headers['x-app-usage'])).data;
  const cases = Object.values(
    ofBusiness.safeParse(json(headers['x-business-use-case-usage'])).data ?? {},
  ).flat();
  const counted = cases.filter(({ type }) => type === undefined || messagingTypes.includes(type));
  const minutes = counted.map(({ estimated_time_to_regain_access: each = 0 }) => each);
  return {
    percent: Math.max(0, ...[app ?? {}, ...counted].map(greatest)),
    regainMs: Math.max(0, ...minutes) * 60_000,
  };
}

const greatest = (share: {
  readonly call_count?: number | undefined;
  readonly total_cputime?: number | undefined;
  readonly total_time?: number | undefined;
}) => Math.max(share.call_count ?? 0, share.total_cputime ?? 0, share.total_time ?? 0);

function json(header: string | string[] | undefined): unknown {
  try {
    return typeof header === 'string' ? JSON.parse(header) : undefined;
  } catch {
    return undefined;
  }
}
