import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { keyStore, newKey, roles } from '../../shared/runtime/keys.ts';
import type { DataFolder } from './data-folder.ts';
import { localClient } from './local-client.ts';

const file = 'api-key';

/** The first API key: the given one, else one made once and kept in the data folder. Registered with all roles. */
export async function registerFirstKey(
  given: string | undefined,
  dataFolder: DataFolder,
  table: { readonly url: string; readonly name: string },
): Promise<string> {
  const key = given ?? dataFolder.read(file)?.trim() ?? newKey();
  const client = new DynamoDBClient(localClient(table.url));
  try {
    const store = keyStore(DynamoDBDocumentClient.from(client), table.name);
    await store.put(key, { name: 'first key', kind: 'human', roles });
  } finally {
    client.destroy();
  }
  if (given === undefined) dataFolder.write(file, `${key}\n`);
  return key;
}
