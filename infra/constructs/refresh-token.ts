import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { GraphSettings } from '../deploy-settings.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';

export interface RefreshTokenProps {
  readonly secrets: GatewaySecrets;
  readonly graphSettings: GraphSettings;
}

/** Looks once a day whether the token of Instagram login is due for another 60 days. It alone may write the token. */
export class RefreshToken extends GatewayFunction {
  constructor(scope: Construct, id: string, { secrets, graphSettings }: RefreshTokenProps) {
    const { HUMAN_AGENT: _, ...environment } = graphSettings;
    super(scope, id, { name: 'refresh-token', memoryMegabytes: 256, timeoutSeconds: 60, environment });
    secrets.grantReadWebhook(this);
    secrets.grantReadGraph(this);
    secrets.grantWriteGraph(this);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.days(1)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
