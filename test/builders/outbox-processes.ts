import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AccountId, CustomerId, MessageId } from '../../shared/instagram/ids.ts';
import type { OutboxParts } from '../../shared/sending/outbox.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import type { PartOutcome } from '../../shared/sending/send-part.ts';
import type { SendId, SendRow } from '../../shared/sending/send-row.ts';
import { threadQueues } from '../../shared/sending/thread-queue.ts';
import type { TestTable } from './table.ts';

export const account = '17841400000000001' as AccountId;

/** The process is gone: nothing after this happens. */
export class Killed extends Error {}

/** What Meta does with one request. */
export type Behaviour = 'takes' | 'takes_silently' | 'refuses' | 'is_not_reached' | 'is_busy';
export const behaviours: readonly Behaviour[] = [
  'takes',
  'takes',
  'takes_silently',
  'refuses',
  'is_not_reached',
  'is_busy',
];

/** A Meta that keeps what arrived, and does with each request what the list says next. */
export function fakeMeta(script: readonly Behaviour[]) {
  const arrived: string[] = [];
  let requests = 0;
  return {
    arrived,
    send: (text: string): PartOutcome => {
      const behaviour = script[requests % script.length] ?? 'takes';
      requests += 1;
      const failure = { status: 502, code: behaviour, message: behaviour };
      if (behaviour === 'refuses') return { name: 'not_sent', failure, retry: 'never', cause: undefined };
      if (behaviour === 'is_not_reached' || behaviour === 'is_busy') {
        return { name: 'not_sent', failure, retry: 'later', cause: undefined };
      }
      arrived.push(text);
      if (behaviour === 'takes_silently') return { name: 'unknown', failure };
      return {
        name: 'sent',
        messageId: `mid.${arrived.length}.${text}` as MessageId,
        recipientId: 'x',
        atMs: Date.now(),
        usage: { percent: 0, regainMs: 0 },
      };
    },
  };
}

export const endOf = ({ sendId, state, outcome }: SendRow) => `${sendId} ${state.name} ${outcome?.atMs}`;

export const rowOf = (customer: string, n: number, isAsync: boolean): SendRow => ({
  sendId: `${customer}-${n}` as SendId,
  bodyHash: 'h',
  sentBy: { keyId: 'k', name: 'test', kind: 'bot' },
  accountId: account,
  addressee: { customerId: customer as CustomerId },
  parts: [{ kind: 'text', message: { text: `${customer}-${n}` } }],
  sentParts: [],
  state: { name: 'accepted' },
  acceptedAtMs: Date.now(),
  deadlineMs: Date.now() + 3_600_000,
  isAsync,
  attempts: 0,
  isRecorded: false,
  revision: 0,
});

/** Processes that share a table, and what befalls them. */
export function outboxProcesses(table: TestTable) {
  /** A process that is killed before the n-th thing that it does. */
  function startProcess(
    meta: ReturnType<typeof fakeMeta>,
    stepsUntilKilled: number,
    told: Set<string> = new Set(),
  ) {
    let steps = stepsUntilKilled;
    const step = () => {
      steps -= 1;
      if (steps < 0) throw new Killed();
    };
    table.client.middlewareStack.remove('kill');
    table.client.middlewareStack.add(
      (next) => async (args) => {
        step();
        const result = await next(args);
        step();
        return result;
      },
      { step: 'initialize', name: 'kill' },
    );
    const ledger = sendLedger(table.client, table.name);
    const parts: OutboxParts = {
      ledger,
      queues: threadQueues(table.client, table.name),
      send: async (_, { message }) => {
        step();
        const outcome = meta.send(String(message.text));
        step();
        return outcome;
      },
      waitForTurn: async () => true,
      threadIntervalMs: 0,
      stopOf: async () => ({ isStopped: false, stoodForMs: 0, asks: false }),
      onSent: async () => {},
      isAnswered: async () => false,
      onRefusal: async (_, { failure }) => failure,
      record: async () => step(),
      tell: async (row) => {
        step();
        told.add(endOf(row));
        step();
        return (await ledger.noteTold(row)) ?? row;
      },
      wake: async () => step(),
    };
    return parts;
  }

  const ownProcess = () => startProcess(fakeMeta(['takes']), Number.POSITIVE_INFINITY);

  /** A killed process leaves its lease behind: this is what time does to it. */
  async function endLease(thread: string): Promise<void> {
    const key = { pk: `thread#${thread}`, sk: 'queue' };
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key }));
    if (!Item) return;
    const { lease: _, ...rest } = Item;
    await table.client.send(new PutCommand({ TableName: table.name, Item: rest }));
  }

  /** A row that waits for its next try need not wait for it here. */
  async function makeDue(row: SendRow): Promise<void> {
    if (row.state.name === 'accepted' && row.state.notBeforeMs !== undefined) {
      await ownProcess().ledger.change(row, { state: { name: 'accepted' } });
    }
  }

  return { startProcess, ownProcess, endLease, makeDue };
}
