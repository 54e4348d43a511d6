import { finding } from '../findings.ts';
import { at } from '../words.ts';
import { type Check, found, nothing, together } from './check.ts';

/** Long enough for whoever looks once a month; what was asked stays recorded. */
const toldForMs = 30 * 24 * 60 * 60 * 1000;

/** What Meta told of users of the app: nothing else in the gateway shows it to the owner. */
export const checkAppUsers: Check = ({ observed, nowMs }) => {
  const { dataDeletionAtMs, deauthorizedAtMs } = observed;
  const isRecent = (atMs: number | undefined): atMs is number =>
    atMs !== undefined && nowMs - atMs <= toldForMs;
  return together(
    isRecent(dataDeletionAtMs)
      ? found(finding('data_deletion_requested', `Meta told of it at ${at(dataDeletionAtMs)}.`))
      : nothing,
    isRecent(deauthorizedAtMs)
      ? found(finding('app_deauthorized', `Meta told of it at ${at(deauthorizedAtMs)}.`))
      : nothing,
  );
};
