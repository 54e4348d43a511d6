import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import type { Addressee, OutgoingPart } from '../../shared/sending/send-row.ts';
import type { SendMessageRequest } from './request.ts';

/** Whom the request means, by the address that works. */
export async function addresseeOf(request: SendMessageRequest, _account: AccountId): Promise<Addressee> {
  return { customerId: request.recipient_id as CustomerId };
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
