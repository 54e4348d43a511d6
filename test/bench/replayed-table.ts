import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';

type Item = Readonly<Record<string, unknown>>;

/**
 * DynamoDB at the SDK's edge, as fast as memory. What was read while recording is answered the same again; what an
 * invocation puts it reads again, until it is forgotten; an update is answered with `updated`, and held by nothing.
 */
export function replayTable(client: DynamoDBDocumentClient, updated: Item) {
  const send = client.send.bind(client) as (command: object) => Promise<unknown>;
  const answers = new Map<string, unknown>();
  const put = new Map<string, Item>();
  let isRecording = true;
  /** For a single item that is in neither. */
  let itemOf: (key: Item) => Item | undefined = () => undefined;

  client.send = async (command: object) => {
    if (command instanceof PutCommand) {
      if (isRecording) return send(command);
      const { Item = {} } = command.input;
      put.set(`${Item.pk} ${Item.sk}`, Item);
      return {};
    }
    if (command instanceof UpdateCommand) return isRecording ? send(command) : { Attributes: updated };
    if (command instanceof GetCommand) {
      const { Key = {} } = command.input;
      const Item = put.get(`${Key.pk} ${Key.sk}`);
      if (Item) return { Item };
      return (await replayed(command)) ?? { Item: itemOf(Key) };
    }
    if (command instanceof QueryCommand) return (await replayed(command)) ?? { Items: [] };
    if (command instanceof BatchGetCommand) return (await replayed(command)) ?? { Responses: {} };
    throw new Error(`${command.constructor.name} is not replayed`);
  };

  async function replayed(command: { readonly input: object }): Promise<unknown> {
    const name = JSON.stringify(command.input);
    if (isRecording) answers.set(name, await send(command));
    return answers.get(name);
  }

  return {
    /** From now on nothing goes to the table. */
    replay(item: typeof itemOf = () => undefined): void {
      isRecording = false;
      itemOf = item;
    },

    /** What was put, since the invocation is over. */
    forget(): void {
      put.clear();
    },
  };
}
