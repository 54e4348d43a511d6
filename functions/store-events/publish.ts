import { PublishBatchCommand } from '@aws-sdk/client-sns';
import { type PublishedEvent, toPublishedEvent } from '../../shared/conversations/published-event.ts';
import { sns } from '../../shared/runtime/clients/sns.ts';
import { required } from '../../shared/runtime/environment.ts';
import { errorFacts, log } from '../../shared/runtime/log.ts';
import type { ReadableRecord } from './read-records.ts';

/** SNS takes 10 events a batch. */
const maxBatchEntries = 10;

/** Publishes what the records brought. @returns the records whose event was not published. */
export async function publish(records: readonly ReadableRecord[]): Promise<ReadableRecord[]> {
  return publishEach(
    records.flatMap((record) => {
      const event = record.event.type === 'other' ? undefined : toPublishedEvent(record.event);
      return event ? [{ record, event }] : [];
    }),
  );
}

/** @returns the records whose event was not published. */
export async function publishEach<Record>(
  events: readonly { readonly record: Record; readonly event: PublishedEvent }[],
): Promise<Record[]> {
  const unpublished: Record[] = [];
  for (let start = 0; start < events.length; start += maxBatchEntries) {
    const batch = events.slice(start, start + maxBatchEntries);
    const failedPlaces = await publishBatch(batch.map(({ event }) => event));
    unpublished.push(...batch.filter((_, place) => failedPlaces.has(place)).map(({ record }) => record));
  }
  return unpublished;
}

/** A batch can fail in part. @returns the places of the events that did. */
async function publishBatch(events: readonly PublishedEvent[]): Promise<Set<number>> {
  try {
    const { Failed = [] } = await sns().send(
      new PublishBatchCommand({
        TopicArn: required('EVENTS_TOPIC_ARN'),
        PublishBatchRequestEntries: events.map((event, place) => ({
          Id: String(place),
          Message: JSON.stringify(event),
          MessageAttributes: { type: { DataType: 'String', StringValue: event.type } },
        })),
      }),
    );
    return new Set(Failed.map(({ Id }) => Number(Id)));
  } catch (error) {
    log.error('events could not be published', { ...errorFacts(error), events: events.length });
    return new Set(events.keys());
  }
}
