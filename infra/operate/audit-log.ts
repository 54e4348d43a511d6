import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { GatewayTable } from './gateway-table.ts';

export const auditedActions = [
  'key_created',
  'key_revoked',
  'customer_forgotten',
  'dead_letters_put_back',
  'dead_letters_purged',
  'sending_paused',
  'sending_resumed',
] as const;
export type AuditedAction = (typeof auditedActions)[number];

export interface AuditEntry {
  /** ISO 8601, UTC, of the clock where the command ran. */
  readonly at: string;
  readonly action: AuditedAction;
  /** Who ran the command, as that machine names them: `user@host`. */
  readonly by: string;
  /** Such as the start of a key's id and its name, or the hashes of a forgotten customer. Never a text or a customer's id. */
  readonly what: Readonly<Record<string, string | number>>;
}

const pk = 'audit';

/** What the owner's commands did, an item each: only ever added to. What keys sent is told by each message itself. */
export function auditLog({ client, name }: Pick<GatewayTable, 'client' | 'name'>) {
  return {
    async add(action: AuditedAction, what: AuditEntry['what']): Promise<void> {
      const at = new Date().toISOString();
      await client.send(
        new PutCommand({
          TableName: name,
          Item: {
            pk,
            sk: `${at}#${randomUUID().slice(0, 8)}`,
            v: 1,
            type: 'audit',
            at,
            action,
            by: whoRuns(),
            what,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },

    /** Oldest first. */
    async entries(): Promise<readonly AuditEntry[]> {
      const entries: AuditEntry[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: name,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': pk },
            ExclusiveStartKey: from,
          }),
        );
        for (const { at, action, by, what } of Items) entries.push({ at, action, by, what } as AuditEntry);
        from = LastEvaluatedKey;
      } while (from);
      return entries;
    },
  };
}

/** For people, a line. */
export function auditLine({ at, action, by, what }: AuditEntry): string {
  const details = Object.entries(what).map(([name, value]) => `${name}=${value}`);
  return [at, action, by, ...details].join('  ');
}

function whoRuns(): string {
  let user = 'unknown';
  try {
    user = userInfo().username;
  } catch {
    // A container may run under a number that no name belongs to.
  }
  return `${user}@${hostname()}`;
}
