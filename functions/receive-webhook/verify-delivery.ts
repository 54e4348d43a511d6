import { matchingSecret } from '../../shared/instagram/signature.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { secrets, type WebhookSecret } from '../../shared/runtime/secrets.ts';
import { reportNotice } from './report-notice.ts';

/**
 * Passes a body that Meta signed with one of our app secrets.
 * @returns which secret it was, by its place in the list.
 * @throws HttpError 401 otherwise.
 */
export async function verifyDelivery(
  body: Buffer,
  { signature, receivedAtMs }: { readonly signature: string | undefined; readonly receivedAtMs: number },
): Promise<{ secretPlace: number }> {
  const match = (secret: WebhookSecret) =>
    matchingSecret(
      body,
      signature,
      secret.apps.map((app) => app.app_secret),
    );
  let place = match(await secrets.webhook());
  if (place === undefined && signature !== undefined) {
    // The secret may have been changed since it was cached.
    const current = await secrets.refetchWebhook();
    place = current && match(current);
  }
  if (place !== undefined) return { secretPlace: place };
  log.warn('not signed by Meta', measured({ [metricNames.signatureFailures]: 1 }));
  // Without a signature it was nobody who meant to be Meta.
  if (signature !== undefined) await reportNotice({ notice: 'signature_failed', at: receivedAtMs });
  throw new HttpError(
    401,
    signature === undefined ? 'missing_signature' : 'wrong_signature',
    signature === undefined
      ? 'The header X-Hub-Signature-256 is missing. Only deliveries that Meta signed are taken.'
      : 'The signature does not fit the body and the app secret. Check APP_SECRET: Facebook login and Instagram login apps have different ones.',
  );
}
