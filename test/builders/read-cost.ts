import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What DynamoDB says that reading took. */
export interface ReadCost {
  readonly requests: number;
  /** Read units, as AWS bills them. */
  readonly units: number;
  readonly items: number;
}

type Capacity = { readonly CapacityUnits?: number };

interface Output {
  readonly ConsumedCapacity?: Capacity | readonly Capacity[];
  readonly Items?: readonly unknown[];
  readonly Item?: unknown;
  readonly Responses?: Readonly<Record<string, readonly unknown[]>>;
}

/** Counts what each piece of work reads through this client. */
export function countReads(client: DynamoDBDocumentClient) {
  let cost: ReadCost = { requests: 0, units: 0, items: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity, Items, Item, Responses = {} } = result.output as Output;
      const units = [ConsumedCapacity ?? []].flat().map(({ CapacityUnits = 0 }: Capacity) => CapacityUnits);
      cost = {
        requests: cost.requests + 1,
        units: cost.units + units.reduce((sum, each) => sum + each, 0),
        items: cost.items + (Items?.length ?? (Item ? 1 : Object.values(Responses).flat().length)),
      };
      return result;
    },
    { step: 'initialize', name: 'read-cost' },
  );
  return async <T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly cost: ReadCost }> => {
    cost = { requests: 0, units: 0, items: 0 };
    const answer = await work();
    return { answer, cost };
  };
}
