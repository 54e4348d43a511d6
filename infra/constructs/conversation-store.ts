import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  type ITable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { GatewayFunction } from './gateway-function.ts';

/** No Scan and no delete: no function needs them, so none can read the whole table or remove an item. */
export type StoreAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem';

const timeline = 'timeline';
const inbox = 'inbox';

export interface ConversationStoreProps {
  /** A table restored from a backup, which the functions use in place of the stack's own. */
  readonly restoredTable?: string;
  /** Absent: messages are kept for ever. */
  readonly messageRetentionDays?: string;
}

/**
 * The one table: messages, conversation summaries, keys, counters (docs/store.md). Its keys and indexes are
 * final: DynamoDB cannot change a key or add a local index afterwards.
 */
export class ConversationStore extends Construct {
  /** The one that the functions use. */
  readonly table: Pick<ITable, 'tableName' | 'tableArn'>;
  readonly #messageRetentionDays: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    { restoredTable, messageRetentionDays }: ConversationStoreProps = {},
  ) {
    super(scope, id);
    this.#messageRetentionDays = messageRetentionDays;
    // Table, not TableV2: V2 is a global table, whose replicas we do not want (messages stay in the owner's
    // region), and a plain table's properties are those of CreateTable, which this machine's engine takes too.
    const own = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires_at',
      billingMode: BillingMode.PAY_PER_REQUEST,
      // Encrypted with a key that AWS owns: free, where a key of our own costs each month and each call.
      encryption: TableEncryption.DEFAULT,
      // Meta gives old messages out only in part, so a lost table cannot be filled again.
      deletionProtection: true,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Both project everything: reading a page then costs no second read for each item.
    own.addLocalSecondaryIndex({
      indexName: timeline,
      sortKey: { name: 'timeline_key', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    own.addGlobalSecondaryIndex({
      indexName: inbox,
      partitionKey: { name: 'inbox_key', type: AttributeType.STRING },
      sortKey: { name: 'activity_key', type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
    // The stack's own table stays in it: a deploy without the restored one leads back, and makes none anew.
    this.table =
      restoredTable === undefined
        ? own
        : Table.fromTableAttributes(this, 'RestoredTable', {
            tableName: restoredTable,
            localIndexes: [timeline],
            globalIndexes: [inbox],
          });
  }

  /** Gives the function the table's name and these actions on the table, queries also on its two indexes. */
  grant(user: GatewayFunction, ...actions: readonly StoreAction[]): void {
    const { tableName, tableArn } = this.table;
    const indexes = [timeline, inbox].map((index) => `${tableArn}/index/${index}`);
    user.setVariable('TABLE_NAME', tableName);
    if (this.#messageRetentionDays) user.setVariable('MESSAGE_RETENTION_DAYS', this.#messageRetentionDays);
    user.allow(
      actions.map((action) => `dynamodb:${action}`),
      [tableArn, ...(actions.includes('Query') ? indexes : [])],
    );
  }
}
