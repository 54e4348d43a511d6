import { Stack, Validations } from 'aws-cdk-lib';
import type { ForwardEvents } from './constructs/forward-events.ts';
import type { GatewaySecrets } from './constructs/gateway-secrets.ts';
import type { HttpApi } from './constructs/http-api.ts';
import type { Uploads } from './constructs/uploads.ts';

/**
 * Every finding of cdk-nag that we accept, and why; there are no others, and a test fails on a new one. An
 * acknowledgment holds for the construct and all below it.
 */
export function acknowledgeFindings({
  http,
  secrets,
  uploads,
  forward,
}: {
  http: HttpApi;
  secrets: GatewaySecrets;
  uploads: Uploads;
  forward?: ForwardEvents;
}): void {
  Validations.of(http).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Each function checks the key (or the signature of Meta) itself: a denial of an API Gateway authorizer cannot carry our error shape, and a Lambda authorizer costs a call and a cold start. A test fails on a route whose handler does not.',
  });
  Validations.of(secrets.webhook).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'App secrets change in the App Dashboard of Meta alone; nothing on our side can rotate them.',
  });
  Validations.of(secrets.graph).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'Meta gives out the token; the rotation of Secrets Manager cannot log in there.',
  });
  if (forward) {
    Validations.of(forward.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Its receiver has to be given the new secret before the old one ends: the owner changes it with npm run forward-secret.',
    });
  }
  Validations.of(uploads.bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would keep the address of each caller and of Meta, and need a bucket of their own. Files are there for a day, under names that nobody guesses, and only by links that a function signed.',
  });
  Validations.of(Stack.of(uploads)).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${uploads.bucketLogicalId}.Arn>/uploads/*]`,
    reason: 'A file has a name of its own, so a right to files can only be to all under uploads/.',
  });
}
