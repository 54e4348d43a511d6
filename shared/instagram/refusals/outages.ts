import type { GraphErrorEntry } from './entry.ts';

const failed = {
  name: 'meta_failed',
  status: 502,
  mayHaveArrived: true,
  remedy:
    'Meta failed, and the message may have been delivered all the same. Look at the conversation before sending again.',
} as const;
const unavailable = {
  name: 'meta_unavailable',
  status: 502,
  mayHaveArrived: true,
  remedy:
    'Meta is unavailable, or the customer blocked this account. Look at the conversation, then try again in a few minutes.',
} as const;

/** Meta's own bad days. What may have arrived is never sent again. */
export const outages: readonly GraphErrorEntry[] = [
  { ...failed, code: -1, cause: "Instagram's servers failed." },
  { ...failed, code: 1, cause: 'An unknown error, possibly downtime.' },
  {
    code: 1,
    subcode: 1357046,
    name: 'outcome_unknown',
    status: 504,
    mayHaveArrived: true,
    cause: 'Meta could not read its own reply. The messages were sent.',
    remedy:
      'Meta reported an error though such messages were sent. Look at the conversation before sending again.',
  },
  { ...unavailable, code: 2, cause: 'The service is down, or the customer blocked this account.' },
  { ...unavailable, code: 2, subcode: 1545133, cause: 'The service is unavailable for the time being.' },
  {
    code: 1200,
    name: 'meta_unavailable',
    status: 502,
    retry: 'few_times',
    cause: 'Sending failed for the time being.',
    remedy: 'Meta could not send the message just now, and says so. Try again in a few minutes.',
  },
];
