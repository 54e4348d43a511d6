import { accountId, customerId } from '../../../shared/instagram/ids.ts';
import { CommandFailed, WrongUsage } from '../command.ts';
import { gatewayHere } from '../doctor/gateway-here.ts';
import { gatewayOnAws } from '../doctor/gateway-on-aws.ts';
import { gatewayQueues } from '../queues/gateway-queues.ts';
import type { CustomerParts } from './forget-customer.ts';
import { uploadBucket } from './uploaded-files.ts';

/**
 * What a command about one customer works with.
 * @throws WrongUsage without a customer's id; CommandFailed where no gateway is, or it is not connected
 */
export async function customerParts(
  customer: string | undefined,
  stage: string | undefined,
): Promise<CustomerParts & { readonly place: string }> {
  if (customer === undefined) {
    throw new WrongUsage(
      'Whose data? Give --customer with the id that GET /api/conversations shows (recipient_id).',
    );
  }
  const asked = customerId(customer);
  if (!asked) throw new WrongUsage(`--customer takes a customer's id, not "${customer}".`);
  const { table, input, place } = stage === undefined ? await gatewayHere() : await gatewayOnAws(stage);
  if (!table) throw new CommandFailed('No gateway is running on this machine. Start one with: npm run dev');
  const account = accountId(input.connection.graph?.ig_user_id);
  if (!account)
    throw new CommandFailed('The gateway is not connected to Instagram yet. Run: npm run connect');
  const { client: sqs, queues } = await gatewayQueues(stage);
  return {
    client: table.client,
    tableName: table.name,
    sqs,
    queues,
    bucket: await uploadBucket(stage),
    asked: { accountId: account, customerId: asked },
    onProgress: (progress) => console.error(progress),
    place,
  };
}
