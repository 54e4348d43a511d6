import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld } from '../runtime/conditional-write.ts';

export const appUserRequestKinds = ['data_deletion', 'deauthorize'] as const;
export type AppUserRequestKind = (typeof appUserRequestKinds)[number];

/** What Meta told of a user of the app: the business, or somebody else who logged in to it. */
export interface AppUserRequest {
  readonly kind: AppUserRequestKind;
  /** App-scoped. */
  readonly userId: string;
  /** When it came first, in ms of our clock. */
  readonly receivedAtMs: number;
}

const codePattern = /^[0-9a-f]{32}$/;

export const isConfirmationCode = (text: string): boolean => codePattern.test(text);

/** Of the request's own bytes, which only Meta and we know: the same again has the same, and nobody guesses one. */
export function confirmationCode(kind: AppUserRequestKind, signedRequest: string): string {
  return createHash('sha256').update(`${kind}.${signedRequest}`).digest('hex').slice(0, 32);
}

/** The requests by their codes. Never changed, never removed: they prove what was asked, and when. */
export function appUserRequests(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (code: string) => ({ pk: `app_user_request#${code}`, sk: 'request' });
  return {
    /** The same request again changes nothing. @returns whether it is new. */
    record(code: string, { kind, userId, receivedAtMs }: AppUserRequest): Promise<boolean> {
      return conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              ...keyOf(code),
              v: 1,
              type: 'app_user_request',
              kind,
              user_id: userId,
              received_at: receivedAtMs,
            },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        ),
      );
    },

    async find(code: string): Promise<AppUserRequest | undefined> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: keyOf(code) }));
      return (
        Item && {
          kind: Item.kind as AppUserRequestKind,
          userId: Item.user_id as string,
          receivedAtMs: Item.received_at as number,
        }
      );
    },
  };
}
