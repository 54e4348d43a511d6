import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountId } from '../instagram/ids.ts';
import { conditionHeld } from '../runtime/conditional-write.ts';
import type { SendFailure } from './send-row.ts';

/** Whether an account's sends are stopped, and why; if not, for how long they were while a send waited. */
export type SendingStop =
  | { readonly isStopped: true; readonly failure: SendFailure }
  | {
      readonly isStopped: false;
      readonly stoodForMs: number;
      /** Meta is taken to refuse sends: this one asks whether it still does. */
      readonly asks: boolean;
    };

/** Why Meta takes no sends of the account. */
export type MetaStop =
  /** Until another token is stored. */
  | {
      readonly reason: 'token_refused';
      readonly sinceMs: number;
      readonly token: string;
      readonly askedAtMs: number;
    }
  /** Meta tells no end of it. */
  | {
      readonly reason: 'blocked_by_policy';
      readonly sinceMs: number;
      readonly untilMs: number;
      readonly times: number;
    };

export interface StopState {
  /** When the owner paused sending. */
  readonly pausedAtMs?: number;
  readonly byMeta?: MetaStop;
  /** The last time that sending stood still. */
  readonly stood?: { readonly fromMs: number; readonly toMs: number };
  /** How often Meta blocked the account in a row. */
  readonly blocks?: { readonly times: number; readonly lastAtMs: number };
}

/** With a refused token one send asks again so often: the same token may be good again. */
const askAgainMs = 60_000;
/** A block is reported to end after half an hour at best, and calling on to lengthen it. MP §7.3 */
const firstBlockMs = 30 * 60_000;
const longestBlockMs = 4 * 60 * 60_000;
const blocksForgottenMs = 24 * 60 * 60_000;
/** Two stops so near to each other are one to a send that waits. */
const sameStopMs = 10 * 60_000;

/** Stops the sends of an account, for all functions together, and lets them go on. */
export function sendingStops(client: DynamoDBDocumentClient, tableName: string, account: AccountId) {
  const key = { pk: `sending#${account}`, sk: 'stop' };

  async function read(): Promise<{ state: StopState; revision: number }> {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
    );
    return { state: (Item?.state as StopState | undefined) ?? {}, revision: Number(Item?.revision ?? 0) };
  }

  /** @returns whether `change` changed it; one that lost against another writer looks again. */
  async function update(change: (state: StopState) => StopState): Promise<boolean> {
    for (;;) {
      const { state, revision } = await read();
      const next = change(state);
      if (next === state) return false;
      const isWritten = await conditionHeld(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...key, v: 1, type: 'sending_stop', state: next, revision: revision + 1 },
            ConditionExpression: 'attribute_not_exists(pk) OR revision = :revision',
            ExpressionAttributeValues: { ':revision': revision },
          }),
        ),
      );
      if (isWritten) return true;
    }
  }

  return {
    read: async () => (await read()).state,

    /** By its owner. @returns false when it was paused already. */
    pause: () =>
      update((state) => (state.pausedAtMs === undefined ? { ...state, pausedAtMs: Date.now() } : state)),

    /** By its owner, who also overrules what Meta is taken to refuse. @returns false when nothing was stopped. */
    resume: () =>
      update((state) => {
        const { pausedAtMs, byMeta, ...rest } = state;
        if (pausedAtMs === undefined && !byMeta) return state;
        return stoodSince(rest, Math.min(pausedAtMs ?? Date.now(), byMeta?.sinceMs ?? Date.now()));
      }),

    refuseToken: (token: string) =>
      update((state) => ({
        ...state,
        byMeta: {
          reason: 'token_refused',
          sinceMs: state.byMeta?.sinceMs ?? Date.now(),
          token,
          askedAtMs: Date.now(),
        },
      })),

    block: () =>
      update((state) => {
        const nowMs = Date.now();
        if (state.byMeta?.reason === 'blocked_by_policy' && state.byMeta.untilMs > nowMs) return state;
        const { times: before, lastAtMs } = state.blocks ?? { times: 0, lastAtMs: 0 };
        const times = nowMs - lastAtMs > blocksForgottenMs ? 1 : before + 1;
        const untilMs = nowMs + Math.min(firstBlockMs * 2 ** (times - 1), longestBlockMs);
        const sinceMs = state.byMeta?.sinceMs ?? nowMs;
        return {
          ...state,
          byMeta: { reason: 'blocked_by_policy', sinceMs, untilMs, times },
          blocks: { times, lastAtMs: nowMs },
        };
      }),

    /** Meta takes sends again, or may. */
    endByMeta: () => update(({ byMeta, ...rest }) => (byMeta ? stoodSince(rest, byMeta.sinceMs) : rest)),

    /** Takes the one turn in a while to ask Meta with a refused token. */
    mayAsk: () =>
      update((state) =>
        state.byMeta?.reason === 'token_refused' && Date.now() - state.byMeta.askedAtMs >= askAgainMs
          ? { ...state, byMeta: { ...state.byMeta, askedAtMs: Date.now() } }
          : state,
      ),
  };
}

export type SendingStops = ReturnType<typeof sendingStops>;

/** A send that waited out a stop has as much time left as it had before. */
export function stoodFor(
  { stood }: StopState,
  { acceptedAtMs, deadlineMs }: { readonly acceptedAtMs: number; readonly deadlineMs: number },
): number {
  if (!stood || stood.toMs <= acceptedAtMs || stood.fromMs >= deadlineMs) return 0;
  return stood.toMs - Math.max(stood.fromMs, acceptedAtMs);
}

function stoodSince(state: StopState, sinceMs: number): StopState {
  const isSame = state.stood !== undefined && sinceMs - state.stood.toMs < sameStopMs;
  const fromMs = isSame ? Math.min(state.stood?.fromMs ?? sinceMs, sinceMs) : sinceMs;
  return { ...state, stood: { fromMs, toMs: Date.now() } };
}

/** What a caller is told of a stop. */
export function explainStop({ pausedAtMs, byMeta }: StopState): SendFailure | undefined {
  if (pausedAtMs !== undefined) {
    return {
      status: 503,
      code: 'sends_paused',
      message: `Sending was paused by the gateway's owner at ${iso(pausedAtMs)}, so nothing was sent. Whoever runs the gateway resumes it with "npm run sends -- --resume" (on AWS with --stage); then send it again.`,
      details: { paused_at: iso(pausedAtMs) },
    };
  }
  if (byMeta?.reason === 'blocked_by_policy') {
    const seconds = Math.max(1, Math.ceil((byMeta.untilMs - Date.now()) / 1000));
    return {
      status: 503,
      code: 'blocked_by_policy',
      message: `Meta blocked this account for a while because of its policies, so nothing is sent until ${iso(byMeta.untilMs)}. Look at the account's status in Meta Business Suite; once it is cleared, "npm run sends -- --resume" tries at once.`,
      details: { blocked_at: iso(byMeta.sinceMs), until: iso(byMeta.untilMs) },
      retryAfterSeconds: seconds,
    };
  }
  if (byMeta) {
    return {
      status: 502,
      code: 'token_invalid',
      message: `Meta has refused the access token since ${iso(byMeta.sinceMs)}. Store a new one with "npm run connect"; what waits is sent then.`,
      details: { refused_at: iso(byMeta.sinceMs) },
    };
  }
  return undefined;
}

const iso = (atMs: number) => new Date(atMs).toISOString();
