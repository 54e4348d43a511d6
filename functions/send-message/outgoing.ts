import { aliasStore } from '../../shared/conversations/alias-store.ts';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import { dynamodb } from '../../shared/runtime/clients/dynamodb.ts';
import { required } from '../../shared/runtime/environment.ts';
import type { Addressee, OutgoingPart } from '../../shared/sending/send-row.ts';
import type { SendMessageRequest } from './request.ts';

/** Whom the request means, by the address that works: an alias of the customer is none. */
export async function addresseeOf(request: SendMessageRequest, accountId: AccountId): Promise<Addressee> {
  const asked = { accountId, customerId: request.recipient_id as CustomerId };
  const { customerId } = await aliasStore(dynamodb(), required('TABLE_NAME')).canonicalOf(asked);
  return { customerId };
}

/** The messages that Meta needs for the request, in order. */
export function partsOf(request: SendMessageRequest): readonly OutgoingPart[] {
  return [
    {
      kind: 'text',
      message: { text: request.message },
      ...(request.reply_to !== undefined && { replyTo: request.reply_to as MessageId }),
    },
  ];
}
