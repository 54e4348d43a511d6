/** What Instagram login subscribes to for the account. MP §2.1. */
export const messageFields = [
  'messages',
  'messaging_postbacks',
  'messaging_seen',
  'messaging_referral',
  'messaging_handover',
  'messaging_optins',
  'message_reactions',
  'message_edit',
  // Whether echoes come without it is not documented. MP §12.7.
  'message_echoes',
  'standby',
] as const;

/** Any field of the Page switches its webhooks on; those of Instagram are chosen in the dashboard. MP §10. */
export const pageField = 'feed';
