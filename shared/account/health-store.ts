import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { conditionHeld } from '../runtime/conditional-write.ts';
import type { CheckReport } from './findings.ts';

/**
 * What the functions noticed, beside any message: when something happened last, in ms of our clock. It is
 * evidence for `npm run doctor`, and takes part in no conversation's state.
 */
export interface Observations {
  /** Deliveries that passed the signature check, and by which app's secret (its place in the list). */
  readonly deliveryAtMs?: number;
  readonly deliverySecretPlace?: number;
  readonly signatureFailureAtMs?: number;
  /** Meta's handshake; a trial of our own leaves it as it was. */
  readonly handshakeAtMs?: number;
  /** The challenge of the last handshake, our own trials included. */
  readonly handshakeChallenge?: string;
  readonly wrongVerifyTokenAtMs?: number;
  readonly foreignObjectAtMs?: number;
  /** Such as `page`. */
  readonly foreignObject?: string;
  /** The consumer of the events queue stored something. */
  readonly storedAtMs?: number;
  /** Meta told that a user of the app asks for deletion, or removed it. */
  readonly dataDeletionAtMs?: number;
  readonly deauthorizedAtMs?: number;
  /** Refusals of sends that hint at how the app is set up, by `<code>/<subcode>`. */
  readonly refusedSendAtMs?: Readonly<Record<string, number>>;
  /** Since when the check has seen the queue neither empty nor moving. */
  readonly queueWaitingSinceMs?: number;
  /** The account that the check has seen subscribed, and the fields of it that we need. */
  readonly subscribedAccount?: string;
  readonly subscribedFields?: readonly string[];
  /** Which token of Instagram login the check has seen, that nobody has refreshed yet, and when it saw it first. */
  readonly tokenMark?: string;
  readonly tokenSeenAtMs?: number;
  /** When the check asked for that subscription again, and when Meta took it. */
  readonly subscriptionTriedAtMs?: number;
  readonly subscriptionRenewedAtMs?: number;
}

/** What is to be remembered; `undefined` forgets a member. */
export type Noticed = { readonly [Name in keyof Observations]: Observations[Name] | undefined };

/** A member that says when something happened last. */
export type ObservedTime = Exclude<Extract<keyof Observations, `${string}AtMs`>, 'refusedSendAtMs'>;

export interface ObserveOptions {
  /** What is noticed is left out when this time of it is older than the stored one. */
  readonly newestBy?: ObservedTime;
  readonly abortSignal?: AbortSignal;
}

const partition = 'health';
const observationsKey = { pk: partition, sk: 'observations' };
const reportKey = { pk: partition, sk: 'report' };

const attributes = {
  deliveryAtMs: 'delivery_at',
  deliverySecretPlace: 'delivery_secret',
  signatureFailureAtMs: 'signature_failure_at',
  handshakeAtMs: 'handshake_at',
  handshakeChallenge: 'handshake_challenge',
  wrongVerifyTokenAtMs: 'wrong_verify_token_at',
  foreignObjectAtMs: 'foreign_object_at',
  foreignObject: 'foreign_object',
  storedAtMs: 'stored_at',
  queueWaitingSinceMs: 'queue_waiting_since',
  subscribedAccount: 'subscribed_account',
  subscribedFields: 'subscribed_fields',
  tokenMark: 'token_mark',
  tokenSeenAtMs: 'token_seen_at',
  subscriptionTriedAtMs: 'subscription_tried_at',
  subscriptionRenewedAtMs: 'subscription_renewed_at',
  dataDeletionAtMs: 'data_deletion_at',
  deauthorizedAtMs: 'deauthorized_at',
} as const satisfies Record<keyof Omit<Observations, 'refusedSendAtMs'>, string>;

const refusedPrefix = 'refused_send_at ';

/** The account's health in the table: one item of observations, one with the last report. */
export function healthStore(client: DynamoDBDocumentClient, tableName: string) {
  async function read(key: typeof observationsKey | typeof reportKey) {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key }));
    return Item;
  }

  return {
    /** Replaces what was noticed last of the same kind; the rest stays. */
    async observe(noticed: Noticed, { newestBy, abortSignal }: ObserveOptions = {}): Promise<void> {
      const { refusedSendAtMs, ...plain } = noticed;
      const values: [name: string, value: unknown][] = [
        ...Object.entries(plain).map(([name, value]): [string, unknown] => [
          attributes[name as keyof typeof attributes],
          value,
        ]),
        ...Object.entries(refusedSendAtMs ?? {}).map(([code, atMs]): [string, unknown] => [
          `${refusedPrefix}${code}`,
          atMs,
        ]),
      ];
      if (values.length === 0) return;
      const set = values.filter(([, value]) => value !== undefined);
      const removed = values.filter(([, value]) => value === undefined);
      const place = new Map(values.map(([name], index) => [name, index]));
      const newest = newestBy && place.get(attributes[newestBy]);
      const update = client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: observationsKey,
          UpdateExpression: [
            ...(set.length > 0
              ? [`SET ${set.map(([name]) => `#${place.get(name)} = :${place.get(name)}`).join(', ')}`]
              : []),
            ...(removed.length > 0
              ? [`REMOVE ${removed.map(([name]) => `#${place.get(name)}`).join(', ')}`]
              : []),
          ].join(' '),
          ExpressionAttributeNames: Object.fromEntries(values.map(([name], index) => [`#${index}`, name])),
          ...(set.length > 0 && {
            ExpressionAttributeValues: Object.fromEntries(
              set.map(([name, value]) => [`:${place.get(name)}`, value]),
            ),
          }),
          ...(newest !== undefined && {
            ConditionExpression: `attribute_not_exists(#${newest}) OR #${newest} <= :${newest}`,
          }),
        }),
        { ...(abortSignal && { abortSignal }) },
      );
      await conditionHeld(update);
    },

    async observations(): Promise<Observations> {
      const item = (await read(observationsKey)) ?? {};
      const refused = Object.entries(item).filter(([name]) => name.startsWith(refusedPrefix));
      return {
        ...Object.fromEntries(
          Object.entries(attributes)
            .filter(([, attribute]) => item[attribute] !== undefined)
            .map(([name, attribute]) => [name, item[attribute]]),
        ),
        ...(refused.length > 0 && {
          refusedSendAtMs: Object.fromEntries(
            refused.map(([name, atMs]) => [name.slice(refusedPrefix.length), atMs]),
          ),
        }),
      };
    },

    /** A report never replaces a newer one. */
    async saveReport(report: CheckReport): Promise<void> {
      await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...reportKey, v: 1, type: 'report', checked_at: report.checked_at, report },
            ConditionExpression: 'attribute_not_exists(checked_at) OR checked_at <= :at',
            ExpressionAttributeValues: { ':at': report.checked_at },
          }),
        ),
      );
    },

    /** `undefined` before the first check. */
    async report(): Promise<CheckReport | undefined> {
      return (await read(reportKey))?.report as CheckReport | undefined;
    },
  };
}

export type HealthStore = ReturnType<typeof healthStore>;
