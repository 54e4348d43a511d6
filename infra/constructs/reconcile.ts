import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { GraphSettings } from '../deploy-settings.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';
import { type ReconcileQueue, reconcileTimeoutSeconds } from './reconcile-queue.ts';

export interface ReconcileProps {
  readonly store: ConversationStore;
  readonly events: EventQueue;
  readonly lookups: ReconcileQueue;
  readonly secrets: GatewaySecrets;
  readonly graphSettings: GraphSettings;
}

/**
 * Finds what no webhook brought. Every five minutes: one call to Meta when nothing changed. Whoever reads meanwhile
 * wakes it too, so nobody who looks waits that long.
 */
export class Reconcile extends GatewayFunction {
  constructor(
    scope: Construct,
    id: string,
    { store, events, lookups, secrets, graphSettings }: ReconcileProps,
  ) {
    const { HUMAN_AGENT: _, ...environment } = graphSettings;
    super(scope, id, {
      name: 'reconcile',
      memoryMegabytes: 512,
      timeoutSeconds: reconcileTimeoutSeconds,
      environment,
    });
    store.grant(this, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem');
    secrets.grantReadGraph(this);
    events.grantSend(this);
    lookups.feed(this);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
