import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';

/**
 * What connects the gateway to Meta, in two secrets, since IAM grants a secret whole: whoever checks a
 * signature need not hold the token.
 *
 * The template creates them without a value and never names one: the owner writes it, and no later deploy can
 * overwrite it. `CfnSecret`, because the `Secret` construct always adds a generated value. Retained, so that a
 * removed stack does not take the owner's token along.
 */
export class GatewaySecrets extends Construct {
  /** `{ apps: [{ app_id, app_secret }], verify_token }` */
  readonly webhook: CfnSecret;
  /** `{ access_token, ig_user_id, login: 'facebook' | 'instagram' }` */
  readonly graph: CfnSecret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // CloudFormation names a secret after its logical id alone; this tells the stages' secrets apart.
    const { stackName } = Stack.of(this);
    this.webhook = new CfnSecret(this, 'WebhookSecret', {
      description: `${stackName}: app secrets and verify token of the webhook`,
    });
    this.graph = new CfnSecret(this, 'GraphSecret', {
      description: `${stackName}: access token for the Graph API`,
    });
    this.webhook.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.graph.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }

  /** Gives the function what verifies a webhook. */
  grantReadWebhook(reader: GatewayFunction): void {
    reader.setVariable('WEBHOOK_SECRET_ARN', this.webhook.ref);
    reader.allow(['secretsmanager:GetSecretValue'], [this.webhook.ref]);
  }

  /** Gives the function what calls Graph. */
  grantReadGraph(reader: GatewayFunction): void {
    reader.setVariable('GRAPH_SECRET_ARN', this.graph.ref);
    reader.allow(['secretsmanager:GetSecretValue'], [this.graph.ref]);
  }

  /** Lets the function put another token in the place of the one that it read. */
  grantWriteGraph(writer: GatewayFunction): void {
    writer.allow(['secretsmanager:PutSecretValue'], [this.graph.ref]);
  }
}
