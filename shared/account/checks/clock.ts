import { finding } from '../findings.ts';
import { duration } from '../words.ts';
import { type Check, found, nothing } from './check.ts';

/** Above what a slow answer and the header's whole seconds can explain. */
const toleranceMs = 60_000;

/** Whether this clock agrees with Meta's. */
export const checkClock: Check = ({ meta }) => {
  const aheadMs = meta?.clockAheadMs;
  if (aheadMs === undefined || Math.abs(aheadMs) <= toleranceMs) return nothing;
  const direction = aheadMs > 0 ? 'ahead of' : 'behind';
  return found(finding('clock_skewed', `It is ${duration(Math.abs(aheadMs))} ${direction} Meta's.`));
};
