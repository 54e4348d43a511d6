/**
 * Secrets and texts of the integration tests. test/logs looks for them in everything that the gateways of the
 * whole run printed.
 */
export const canaries = {
  accessToken: 'CANARY-access-token-0f6b',
  appSecret: 'CANARY-app-secret-91d2',
  secondAppSecret: 'CANARY-second-app-secret-5c3e',
  verifyToken: 'CANARY-verify-token-77aa',
  /** Every message text of these tests holds it. */
  text: 'CANARY-text-3b8f',
} as const;

export const logFolder = new URL('../../.build/test-logs/', import.meta.url);
