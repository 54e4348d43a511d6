import type { Construct } from 'constructs';
import type { EventQueue } from './event-queue.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';

export interface ReceiveWebhookProps {
  readonly secrets: GatewaySecrets;
  readonly events: EventQueue;
}

/** Verifies what Meta sends and puts it into the queue: it cannot read or write a message. */
export class ReceiveWebhook extends GatewayFunction {
  constructor(scope: Construct, id: string, { secrets, events }: ReceiveWebhookProps) {
    super(scope, id, { name: 'receive-webhook', memoryMegabytes: 256, timeoutSeconds: 10 });
    secrets.grantReadWebhook(this);
    events.grantSend(this);
  }
}
