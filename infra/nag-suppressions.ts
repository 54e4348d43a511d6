import { Validations } from 'aws-cdk-lib';
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
}: {
  http: HttpApi;
  secrets: GatewaySecrets;
  uploads: Uploads;
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
  Validations.of(uploads.bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would keep the address of each caller and of Meta, and need a bucket of their own. Files are there for a day, under names that nobody guesses, and only by links that a function signed.',
  });
}
