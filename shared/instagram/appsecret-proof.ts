import { createHmac } from 'node:crypto';

/**
 * `appsecret_proof`: shows that whoever holds the token also holds its app's secret.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
export function appsecretProof(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
