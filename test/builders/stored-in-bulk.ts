import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { contactStore } from '../../shared/conversations/contact-store.ts';
import { stateOf } from '../../shared/conversations/message-state.ts';
import { messageStore } from '../../shared/conversations/message-store.ts';
import { mergeSummaries, type Summary, summaryOf } from '../../shared/conversations/summary.ts';
import { summaryStore } from '../../shared/conversations/summary-store.ts';
import type { ConversationKey } from '../../shared/conversations/table-keys.ts';
import { type AddressedEvent, parseDeliveredItem } from '../../shared/instagram/webhook-events.ts';
import type { MessagingItem } from './webhook.ts';

export type Item = Record<string, unknown>;

interface Written {
  readonly Item?: Item;
  readonly Key?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>>;
}

/** The stores' own writes to an empty table, kept instead of sent: so that a great many can be loaded in bulk. */
function recorder() {
  const items: Item[] = [];
  const client = {
    send: async ({ input }: { readonly input: Written }) => {
      items.push(input.Item ?? updated(input));
      return {};
    },
  };
  return { items, client: client as unknown as DynamoDBDocumentClient };
}

/** What `SET a = :b, #c = :d REMOVE #e` makes of an item that is not there. */
function updated({
  Key,
  UpdateExpression = '',
  ExpressionAttributeNames: names = {},
  ExpressionAttributeValues: values = {},
}: Written): Item {
  const assignments = UpdateExpression.replace(/^SET /, '')
    .replace(/ REMOVE .*$/, '')
    .split(', ');
  return {
    ...Key,
    ...Object.fromEntries(
      assignments.map((assignment) => {
        const [name = '', value = ''] = assignment.split(' = ');
        return [names[name] ?? name, values[value]];
      }),
    ),
  };
}

export interface Correspondence {
  readonly customer: ConversationKey;
  readonly deliveries: readonly MessagingItem[];
  /** What Meta tells of the customer. */
  readonly person?: { readonly username: string; readonly name: string };
  readonly readByUsAtMs?: number;
}

/** The items that the stores make of these deliveries, the account's own among them. */
export async function itemsOf(correspondence: Correspondence): Promise<Item[]> {
  const { items, client } = recorder();
  const { customer, deliveries, person, readByUsAtMs } = correspondence;
  let summary: Summary = readByUsAtMs === undefined ? {} : { readByUsAtMs };
  const messages = messageStore(client, 'recorded');
  for (const item of deliveries) {
    const event = parseDeliveredItem({ field: 'messages', standby: false, item }) as AddressedEvent;
    await messages.save(customer, event.messageId, stateOf(event));
    summary = mergeSummaries(summary, summaryOf(event, event.time?.atMs ?? 0));
  }
  await summaryStore(client, 'recorded').raise(customer, summary);
  if (person) await contactStore(client, 'recorded').put(customer, { ...person, readAtMs: 1760000000000 });
  return items;
}

const batchSize = 25;
const parallelBatches = 8;

/** Puts items in as few requests as DynamoDB allows. */
export async function load(
  client: DynamoDBDocumentClient,
  tableName: string,
  items: readonly Item[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(items.length / batchSize) }, (_, n) =>
    items.slice(n * batchSize, (n + 1) * batchSize),
  );
  const loadNext = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      let pending: BatchWriteCommandInput['RequestItems'] = {
        [tableName]: batch.map((Item) => ({ PutRequest: { Item } })),
      };
      while (pending && Object.keys(pending).length > 0) {
        pending = (await client.send(new BatchWriteCommand({ RequestItems: pending }))).UnprocessedItems;
      }
    }
  };
  await Promise.all(Array.from({ length: parallelBatches }, loadNext));
}
