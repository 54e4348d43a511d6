import { finding } from '../findings.ts';
import { duration } from '../words.ts';
import { type Check, found, nothing } from './check.ts';

const warnedBeforeMs = 90 * 24 * 60 * 60 * 1000;

/** Until when Meta answers a version. https://developers.facebook.com/docs/graph-api/changelog */
const endOfVersion = [
  { major: 24, end: '2028-02-18' },
  { major: 25, end: '2028-07-29' },
] as const;

/** Whether the version of the Graph API is about to end. A version newer than the table's is taken as fine. */
export const checkGraphVersion: Check = ({ graphVersion, nowMs }) => {
  const major = Number(/^v(\d+)\./.exec(graphVersion)?.[1]);
  // An older one ends no later than the oldest in the table.
  const known = endOfVersion.find((version) => major <= version.major);
  if (!known) return nothing;
  const leftMs = Date.parse(known.end) - nowMs;
  if (leftMs > warnedBeforeMs) return nothing;
  const when = leftMs > 0 ? `ends in ${duration(leftMs)}` : 'has ended';
  return found(finding('graph_version_ending', `${graphVersion} ${when}, on ${known.end} at the latest.`));
};
