import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { silently } from './in-process.ts';

/** What functions used of the services. */
export interface Used {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly queueRequests: number;
  readonly publishRequests: number;
  /** As CloudWatch counts them. */
  readonly logBytes: number;
}

/** What CloudWatch counts besides for each line. */
const bytesALine = 26;
/** One line of the HTTP API's access log. */
export const accessLogBytes = 190 + bytesALine;
/** Lambda's own START, END and REPORT of an invocation. */
export const platformLogBytes = 270 + 3 * bytesALine;

const nothing: Used = { writeUnits: 0, readUnits: 0, queueRequests: 0, publishRequests: 0, logBytes: 0 };

/**
 * Counts what functions of this process use of the services from now on. DynamoDB is asked, and tells its units;
 * what is sent to SQS and SNS is taken and goes nowhere.
 */
export function countUsage(clients: {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: SQSClient;
  readonly sns: SNSClient;
}) {
  let used = { ...nothing };
  let queued: string[] = [];
  countUnits(clients.dynamodb, (kind, units) => {
    used[kind] += units;
  });
  clients.sqs.send = async ({ input }: { input: { MessageBody?: string; Entries?: (typeof input)[] } }) => {
    used.queueRequests += 1;
    queued.push(...(input.Entries ?? [input]).map(({ MessageBody = '' }) => MessageBody));
    return {};
  };
  clients.sns.send = async () => {
    used.publishRequests += 1;
    return { Successful: [], Failed: [] };
  };

  return {
    /** Runs it; what it logs is counted, and not shown. @returns its answer, and how long it took in ms. */
    async run<T>(act: () => Promise<T>): Promise<{ readonly answer: T; readonly tookMs: number }> {
      const startedAtMs = performance.now();
      const answer = await silently(act, (line) => {
        used.logBytes += Buffer.byteLength(line) + bytesALine;
      });
      return { answer, tookMs: performance.now() - startedAtMs };
    },

    /** What was used since the last time. */
    take(): Used {
      const taken = used;
      used = { ...nothing };
      return taken;
    },

    /** The bodies that were put on queues since the last time. */
    takeQueued(): string[] {
      const taken = queued;
      queued = [];
      return taken;
    },
  };
}

function countUnits(
  client: DynamoDBDocumentClient,
  count: (kind: 'writeUnits' | 'readUnits', units: number) => void,
): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const unitsOf = (output: unknown) =>
          [(output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity ?? []]
            .flat()
            .reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
        const kind = /^(?:Put|Update|Delete)/.test(commandName) ? 'writeUnits' : 'readUnits';
        try {
          const result = await next(args);
          count(kind, unitsOf(result.output));
          return result;
        } catch (error) {
          // What a condition refuses is paid for, and not told of.
          if (kind === 'writeUnits') count(kind, 1);
          throw error;
        }
      },
    { step: 'initialize', name: 'units' },
  );
}
