import type { Construct } from 'constructs';
import type { ConversationStore } from './conversation-store.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewaySecrets } from './gateway-secrets.ts';

export interface ReceiveSignedRequestProps {
  readonly secrets: GatewaySecrets;
  readonly store: ConversationStore;
}

/** Records what Meta tells of users of the app: that they removed it, or ask for their data to be deleted. */
export class ReceiveSignedRequest extends GatewayFunction {
  constructor(scope: Construct, id: string, { secrets, store }: ReceiveSignedRequestProps) {
    super(scope, id, { name: 'receive-signed-request', memoryMegabytes: 256, timeoutSeconds: 10 });
    secrets.grantReadWebhook(this);
    store.grant(this, 'GetItem', 'PutItem', 'UpdateItem');
  }
}
