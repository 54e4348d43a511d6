import { type GraphErrorEntry, remedies } from './entry.ts';

const missing = (code: number, cause: string, subcode?: number): GraphErrorEntry => ({
  code,
  ...(subcode !== undefined && { subcode }),
  name: 'permission_denied',
  status: 400,
  cause,
  remedy: remedies.checkAccess,
});

/** What the app may do: its access level, its permissions, its review. */
export const access: readonly GraphErrorEntry[] = [
  {
    ...missing(1, 'Meta names no reason. In practice access or verification is missing.', 99),
    name: 'meta_access_missing',
  },
  {
    ...missing(2, "No administrator of the Page has accepted the terms of Meta's label API.", 2018344),
    name: 'terms_not_accepted',
    remedy: 'An administrator of the Page has to accept the terms that Meta shows in Business Suite.',
  },
  { ...missing(3, 'The app lacks the capability for this call.'), name: 'capability_missing' },
  missing(10, 'A permission was not granted, or was taken away.'),
  {
    ...missing(
      200,
      'A permission is missing. Of 200 itself also: the app is not live, and the recipient has no role on it.',
    ),
    upToCode: 299,
  },
  {
    ...missing(200, 'Writing to somebody by their phone number has a fee, which nobody agreed to.', 2018021),
    name: 'phone_matching_fee',
    remedy: 'Instagram customers are addressed by id alone: use recipient_id of GET /api/conversations.',
  },
  missing(200, 'The messaging permission is not reviewed, and the app is not live.', 2018027),
  missing(200, 'The messaging permission is not reviewed, and the app is not live.', 2018028),
  {
    ...missing(230, 'The token lacks the messaging permission, or the customer shares no profile.'),
    remedy: `The token lacks pages_messaging, or the customer's consent. ${remedies.replaceToken}`,
  },
  {
    ...missing(36103, 'Messaging by API is not switched on for this account yet, since its roll-out.'),
    name: 'account_not_eligible',
    remedy:
      'Meta does not let this account use messaging by API. Check that it is a Business or Creator account; its support asks for the fbtrace_id.',
  },
  missing(2018247, 'The permission to read profiles is missing.'),
];
