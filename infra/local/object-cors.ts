import type { IncomingMessage } from 'node:http';
import * as z from 'zod';

/** Of a bucket, as the template has it. */
export const corsRule = z.object({
  AllowedOrigins: z.array(z.string()),
  AllowedMethods: z.array(z.string()),
  AllowedHeaders: z.array(z.string()).default([]),
  MaxAge: z.coerce.number().default(0),
});
export type CorsRule = z.infer<typeof corsRule>;

/**
 * The headers with which S3 lets a page of another origin use a bucket; none where no rule does. A page opened under
 * another name of this machine, or through the tunnel, is the gateway's own too.
 */
export function corsHeaders(
  { method = '', headers }: IncomingMessage,
  rules: readonly CorsRule[],
  endpoint: string,
): Record<string, string> {
  const { origin } = headers;
  const asked = headers['access-control-request-method'] ?? method;
  const rule = rules.find(
    ({ AllowedOrigins, AllowedMethods }) =>
      AllowedMethods.includes(asked) &&
      [...AllowedOrigins, endpoint].some((each) => origin !== undefined && isSame(each, origin)),
  );
  if (!rule || origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': rule.AllowedMethods.join(', '),
    ...(rule.AllowedHeaders.length > 0 && { 'access-control-allow-headers': rule.AllowedHeaders.join(', ') }),
    'access-control-max-age': String(rule.MaxAge),
    vary: 'origin',
  };
}

const isSame = (allowed: string, origin: string) => byAddress(allowed) === byAddress(origin);
const byAddress = (origin: string) => origin.replace('//localhost', '//127.0.0.1');
