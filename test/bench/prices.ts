/**
 * AWS's list prices for us-east-1 in US dollars, as of November 2026, without any free tier. Check AWS's own lists
 * before relying on them.
 * https://aws.amazon.com/api-gateway/pricing/ https://aws.amazon.com/lambda/pricing/ https://aws.amazon.com/sqs/pricing/
 * https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/sns/pricing/
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export const prices = {
  perMillion: {
    httpRequests: 1,
    invocations: 0.2,
    queueRequests: 0.4,
    writeUnits: 0.625,
    readUnits: 0.125,
    publishRequests: 0.5,
  },
  gigabyteSecond: 0.0000133334,
  logGigabyte: 0.5,
} as const;

/** What one event takes, on average. */
export interface Usage {
  readonly httpRequests: number;
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  readonly queueRequests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly publishRequests: number;
  readonly logBytes: number;
}

/** What a million events cost, by what it is paid for. */
export function costOfAMillion(usage: Usage): Readonly<Record<string, number>> {
  const counted = Object.entries(prices.perMillion).map(([what, price]) => [
    what,
    usage[what as keyof typeof prices.perMillion] * price,
  ]);
  return {
    ...Object.fromEntries(counted),
    gigabyteSeconds: usage.gigabyteSeconds * 1e6 * prices.gigabyteSecond,
    logs: ((usage.logBytes * 1e6) / 1e9) * prices.logGigabyte,
  };
}
