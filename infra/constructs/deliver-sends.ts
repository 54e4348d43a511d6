import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { GraphSettings } from '../deploy-settings.ts';
import type { ConversationStore } from './conversation-store.ts';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';
import type { ReconcileQueue } from './reconcile-queue.ts';
import { delivererTimeoutSeconds, type SendQueue } from './send-queue.ts';
import type { Uploads } from './uploads.ts';

export interface DeliverSendsProps {
  readonly store: ConversationStore;
  readonly events: EventQueue;
  readonly sends: SendQueue;
  readonly lookups: ReconcileQueue;
  readonly uploads: Uploads;
  readonly secrets: GatewaySecrets;
  readonly graphSettings: GraphSettings;
}

/** Sends what could not be sent at once, and looks once a minute for what got stuck. */
export class DeliverSends extends GatewayFunction {
  constructor(
    scope: Construct,
    id: string,
    { store, events, sends, lookups, uploads, secrets, graphSettings }: DeliverSendsProps,
  ) {
    super(scope, id, {
      name: 'deliver-sends',
      memoryMegabytes: 512,
      timeoutSeconds: delivererTimeoutSeconds,
      environment: { ...graphSettings },
    });
    store.grant(this, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem');
    secrets.grantReadGraph(this);
    events.grantSend(this);
    sends.feed(this);
    lookups.grantSend(this);
    uploads.grantFetch(this);
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.function)],
    });
  }
}
