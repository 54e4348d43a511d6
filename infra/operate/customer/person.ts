import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { aliasStore } from '../../../shared/conversations/alias-store.ts';
import type { ConversationKey } from '../../../shared/conversations/table-keys.ts';
import type { AccountId, CustomerId } from '../../../shared/instagram/ids.ts';

/** A customer with every id under which they are known. */
export interface Person {
  readonly account: AccountId;
  /**
   * The id that was asked for is the last, the one that the others lead to the last but one: where an erasing ends
   * midway, what is left leads from the id that was asked for to all that is left.
   */
  readonly ids: readonly CustomerId[];
  /** Whether this text holds one of the ids, as a word of its own. */
  isNamedIn(text: string): boolean;
}

export async function findPerson(
  client: DynamoDBDocumentClient,
  tableName: string,
  asked: ConversationKey,
): Promise<Person> {
  const parts = await aliasStore(client, tableName).partsOf(asked);
  const [canonical, ...others] = parts.map(({ customerId }) => customerId);
  const ids = [
    ...others.filter((id) => id !== asked.customerId),
    ...(canonical !== undefined && canonical !== asked.customerId ? [canonical] : []),
    asked.customerId,
  ];
  // Ids are letters, digits, - and _ alone: none of them means anything in a pattern.
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${ids.join('|')})(?![A-Za-z0-9])`);
  return { account: asked.accountId, ids, isNamedIn: (text) => pattern.test(text) };
}
