import { type DeliveredItem, type Envelope, openEnvelope } from '../../shared/instagram/webhook-envelope.ts';
import { HttpError } from '../../shared/runtime/http/http-error.ts';
import { isRecord } from '../../shared/runtime/json.ts';

/** Reads the verified bytes of a delivery. @throws HttpError 400 when they are not JSON. */
export function readDelivery(body: string, deliveryId: string): Envelope {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new HttpError(400, 'malformed_json', 'The body is signed but is not JSON.', { cause: error });
  }
  const envelope = openEnvelope(value);
  if (envelope.kind === 'foreign') return envelope;
  return { ...envelope, items: envelope.items.map((item) => withUniqueTestMid(item, deliveryId)) };
}

/**
 * The dashboard's "Test" button sends the same mid each time; with one of its own, every test is a message
 * and a repeated test is not taken for a second delivery.
 */
function withUniqueTestMid(delivered: DeliveredItem, deliveryId: string): DeliveredItem {
  const { item } = delivered;
  if (!isRecord(item) || !isRecord(item.message) || item.message.mid !== 'random_mid') return delivered;
  return { ...delivered, item: { ...item, message: { ...item.message, mid: `random_mid_${deliveryId}` } } };
}
