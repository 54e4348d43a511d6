import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readSignedRequest, type SignedRequest } from '../../shared/instagram/signed-request.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { rawBody } from '../../shared/runtime/http/parse-request.ts';
import { log } from '../../shared/runtime/log.ts';
import { measured, metricNames } from '../../shared/runtime/metrics.ts';
import { secrets, type WebhookSecret } from '../../shared/runtime/secrets.ts';

/** Meta's have a few hundred bytes. */
const maxBodyBytes = 8 * 1024;

export interface VerifiedRequest extends SignedRequest {
  /** As it came. */
  readonly signedRequest: string;
}

/**
 * Passes a form that Meta signed with one of our app secrets.
 * @throws HttpError 413, 400 or 401 otherwise; NotConnectedError without a secret
 */
export async function verifyRequest(event: APIGatewayProxyEventV2): Promise<VerifiedRequest> {
  const body = rawBody(event);
  if (body.length > maxBodyBytes) {
    throw new HttpError(
      413,
      'body_too_large',
      `The body has ${body.length} bytes; at most ${maxBodyBytes} are read.`,
    );
  }
  const read = (secret: WebhookSecret, text: string) =>
    readSignedRequest(
      text,
      secret.apps.map((app) => app.app_secret),
    );
  const secret = await secrets.webhook();
  const signedRequest = new URLSearchParams(body.toString('utf8')).get('signed_request');
  if (signedRequest === null) {
    throw new HttpError(
      400,
      'missing_parameter',
      'The form field signed_request is missing: only Meta calls this.',
    );
  }
  let found = read(secret, signedRequest);
  if (found === 'signature') {
    // The secret may have been changed since it was cached.
    const current = await secrets.refetchWebhook();
    if (current) found = read(current, signedRequest);
  }
  if (typeof found === 'object') return { ...found, signedRequest };
  if (found === 'signature') {
    log.warn('not signed by Meta', measured({ [metricNames.signatureFailures]: 1 }));
    throw new HttpError(401, 'wrong_signature', 'The signed_request is signed with none of our app secrets.');
  }
  throw new HttpError(
    400,
    'malformed_signed_request',
    'The signed_request is not of the form that Meta documents.',
  );
}
