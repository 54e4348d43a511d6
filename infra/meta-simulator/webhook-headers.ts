import { objectOf } from './app-subscriptions.ts';
import { signBytes, signBytesWithSha1 } from './webhook-sender.ts';
import type { World } from './world.ts';

/** What a load balancer tells of Meta's certificate when it checks one. */
const certificateHeader = { 'x-amzn-mtls-clientcert-subject': 'CN=client.webhooks.fbclientcerts.com' };

/**
 * The headers of a delivery, signed over exactly these bytes.
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export function webhookHeaders(body: Uint8Array, payload: unknown, world: World): Record<string, string> {
  const { sha1Signature, clientCertificate } = world.readings;
  const secret = signingSecret(payload, world);
  return {
    'content-type': 'application/json',
    'x-hub-signature-256': signBytes(body, secret),
    ...(sha1Signature === 'sent' ? { 'x-hub-signature': signBytesWithSha1(body, secret) } : {}),
    ...(clientCertificate === 'told_by_load_balancer' ? certificateHeader : {}),
  };
}

/** Under Facebook login, and of Messenger, the Meta app's. */
function signingSecret(payload: unknown, { state, login, readings }: World): string {
  const isInstagrams = login === 'instagram' && readings.instagramLoginSignedWith === 'instagram_secret';
  return isInstagrams && objectOf(payload) !== 'page' ? state.client.secret : state.metaApp.secret;
}
