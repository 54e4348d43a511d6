import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { DeploySettings, GraphSettings } from '../deploy-settings.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';

export interface CheckAccountProps {
  readonly store: ConversationStore;
  readonly events: EventQueue;
  readonly secrets: GatewaySecrets;
  readonly graphSettings: GraphSettings;
  readonly resubscribe: DeploySettings['resubscribe'];
}

/**
 * Looks once an hour whether the gateway is connected to Meta as it should be. Meta ends a subscription after an
 * hour of failed deliveries, so that a check less often would come long after; one more often would only cost calls.
 */
export class CheckAccount extends GatewayFunction {
  constructor(
    scope: Construct,
    id: string,
    { store, events, secrets, graphSettings, resubscribe }: CheckAccountProps,
  ) {
    const { HUMAN_AGENT: _, ...graph } = graphSettings;
    const environment = { ...graph, RESUBSCRIBE: resubscribe };
    // Several calls to Meta, each of which may take its time; nobody waits.
    super(scope, id, { name: 'check-account', memoryMegabytes: 256, timeoutSeconds: 120, environment });
    store.grant(this, 'GetItem', 'PutItem', 'UpdateItem');
    events.grantCount(this);
    secrets.grantReadWebhook(this);
    secrets.grantReadGraph(this);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
