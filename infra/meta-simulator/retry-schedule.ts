import type { WebhookReadings } from './webhook-readings.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface RetrySchedule {
  /** The wait after each failed try; after one more the delivery is dropped. Meta names no numbers. */
  readonly waitsMs: readonly number[];
  /** After this long without a single success the account is unsubscribed; undefined: never. */
  readonly disabledAfterMs: number | undefined;
}

/** Deliveries keep their own time, so the last try of one falls behind the hour after which all end. */
const messenger: RetrySchedule = {
  waitsMs: [0, 0, 1, 4, 10, 15, 20, 30].map((minutes) => minutes * minuteMs),
  disabledAfterMs: hourMs,
};

const graph: RetrySchedule = {
  waitsMs: [0, 0, 1 / 60, 5 / 60, 24 / 60, 1.5, 4, 6, 12, 12].map((hours) => Math.round(hours * hourMs)),
  disabledAfterMs: undefined,
};

/** After this long without a success the developers are alerted. */
export const alertAfterMs = 15 * minuteMs;

/**
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
 * https://developers.facebook.com/docs/instagram-platform/webhooks
 */
export function retrySchedule({ failureRegime }: Pick<WebhookReadings, 'failureRegime'>): RetrySchedule {
  return failureRegime === 'graph_36_hours' ? graph : messenger;
}
