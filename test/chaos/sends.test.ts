import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../infra/local/local-client.ts';
import { sendLedger } from '../../shared/sending/send-ledger.ts';
import type { SendId, SendRow } from '../../shared/sending/send-row.ts';
import { startTestGateway, type TestGateway } from '../builders/gateway.ts';
import { markOf, type Send, sendInAStorm } from './storm-of-sends.ts';

/** `npm run test:sends` sets them; a seed that failed can be given again. */
const seed = process.env.SENDS_SEED || randomUUID();
const sends = Number(process.env.SENDS_COUNT || 120);
const minutes = Number(process.env.SENDS_MINUTES || 15);
const isLong = sends > 1000;

test(`up to ${sends} sends with kills and every fault of Meta's: once each, and no row contradicts Meta (SENDS_SEED=${seed})`, {
  timeout: isLong ? 3_600_000 : 180_000,
}, async () => {
  const gateway = await startTestGateway({
    schedulePeriodMs: isLong ? 20_000 : 5_000,
    visibilityTimeoutSeconds: 10,
  });
  onTestFinished(() => gateway.stop());
  const startedAtMs = Date.now();
  const report = (line: string) =>
    (isLong || process.env.SENDS_VERBOSE) &&
    console.error(`${Math.round((Date.now() - startedAtMs) / 1000)} s: ${line}`);

  const storm = await sendInAStorm(gateway, {
    seed,
    sends,
    threads: isLong ? 120 : 16,
    callers: isLong ? 24 : 16,
    longestMs: isLong ? minutes * 60_000 : 20_000,
    killEveryMs: isLong ? 2_500 : 1_000,
    onProgress: report,
  });
  report(`${storm.sends.length} answered, ${storm.requests} requests; kills: ${JSON.stringify(storm.kills)}`);
  const rows = await settledRows(gateway, storm.sends, report);
  const record = recordAtMeta(gateway);

  const twice = [...record.made].filter(([, mids]) => mids.length > 1).map(([n]) => n);
  const wrong = storm.sends.flatMap((send) => {
    const row = rows.get(send.n);
    const mids = record.made.get(send.n) ?? [];
    const taken = row?.sentParts[0] && record.ownId(row.sentParts[0].messageId);
    const why = contradiction(send, row, mids, taken !== undefined && storm.typed.has(taken));
    if (why === undefined) return [];
    return [{ n: send.n, why, answers: send.answers, row, mids, taken: record.describe(taken) }];
  });
  const claims = new Map<string, number[]>();
  for (const [n, row] of rows) {
    for (const { messageId } of row.sentParts) claims.set(messageId, [...(claims.get(messageId) ?? []), n]);
  }
  const sharedClaims = [...claims].filter(([, ns]) => ns.length > 1);
  report(summary(rows, storm.typed, record.made));
  expect({ seed, twice, sharedClaims, wrong }).toEqual({ seed, twice: [], sharedClaims: [], wrong: [] });
  expect(storm.sends.length).toBeGreaterThan(isLong ? 1000 : 10);
});

/** What is wrong with a send's row, given what Meta holds; undefined when it is as it should be. */
function contradiction(
  { answers }: Send,
  row: SendRow | undefined,
  mids: readonly string[],
  hasTyped: boolean,
): string | undefined {
  if (!row) return 'there is no row';
  const [part] = row.sentParts;
  switch (row.state.name) {
    case 'sent':
      if (!part) return 'sent, and names no message';
      // No field tells what somebody typed on the phone from a send that got lost in the same seconds.
      if (mids.length === 0 && !(part.foundBy === 'content' && hasTyped))
        return 'sent, and Meta has no such message';
      if (part.foundBy === undefined && !mids.includes(part.messageId)) return 'another message than its own';
      break;
    case 'failed':
      if (mids.length > 0) return 'failed, and Meta has the message';
      break;
    case 'unknown':
      break;
    case 'accepted':
    case 'sending':
      return `still ${row.state.name}`;
  }
  const unlike = answers.find(({ status, messageId }) =>
    status === 200 ? messageId !== part?.messageId : status < 500 && row.state.name !== 'failed',
  );
  return unlike && `a caller was told ${JSON.stringify(unlike)}`;
}

interface MetaRecord {
  /** The messages of each send, by the send's number. */
  readonly made: ReadonlyMap<number, readonly string[]>;
  /** What Meta itself calls a message whose echo may have had another id. */
  readonly ownId: (mid: string) => string;
  /** Which send made a message and when, in ms: for whoever reads a failure. */
  readonly describe: (mid: string | undefined) => object | undefined;
}

function recordAtMeta({ meta }: TestGateway): MetaRecord {
  const made = new Map<number, string[]>();
  const held = meta.world.conversations.list().flatMap(({ messages }) => messages);
  for (const { id, text, fromBusiness } of held) {
    const n = fromBusiness ? markOf(text ?? '') : undefined;
    if (n !== undefined) made.set(n, [...(made.get(n) ?? []), id]);
  }
  return {
    made,
    ownId: (mid) => meta.world.renamedEchoes.get(mid) ?? mid,
    describe(mid) {
      const message = held.find(({ id }) => id === mid);
      return message && { mid, n: markOf(message.text ?? ''), atMs: message.sentAtMs };
    },
  };
}

/** The rows, once nothing more happens to them by itself. */
async function settledRows(
  gateway: TestGateway,
  all: readonly Send[],
  report: (line: string) => void,
): Promise<ReadonlyMap<number, SendRow>> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  onTestFinished(() => client.destroy());
  const ledger = sendLedger(client, gateway.tableName);
  const rows = new Map<number, SendRow>();
  const untilMs = Date.now() + (isLong ? 300_000 : 60_000);
  for (;;) {
    for (const { n, answers } of all) {
      const sendId = answers.find((answer) => answer.sendId !== undefined)?.sendId;
      const known = rows.get(n);
      if (known && known.state.name !== 'accepted' && known.state.name !== 'sending') continue;
      const row = sendId && (await ledger.find(sendId as SendId));
      if (row) rows.set(n, row);
    }
    const open = [...rows.values()].filter(
      ({ state }) => state.name === 'accepted' || state.name === 'sending',
    );
    if (open.length === 0 || Date.now() > untilMs) break;
    report(`${open.length} sends are not settled yet`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await gateway.meta.deliveries.settled();
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  for (const [n, { sendId }] of rows) {
    const row = await ledger.find(sendId);
    if (row) rows.set(n, row);
  }
  return rows;
}

function summary(
  rows: ReadonlyMap<number, SendRow>,
  typed: ReadonlySet<string>,
  made: ReadonlyMap<number, readonly string[]>,
): string {
  const states = [...rows.values()].map(({ state, sentParts }) =>
    sentParts.some(({ foundBy }) => foundBy) ? `${state.name} by content` : state.name,
  );
  const counts = Object.fromEntries([...Map.groupBy(states, (name) => name)].map(([k, v]) => [k, v.length]));
  const arrivedUnknown = [...rows].filter(([n, { state }]) => state.name === 'unknown' && made.has(n)).length;
  return `${JSON.stringify(counts)}; ${typed.size} typed on the phone; ${arrivedUnknown} unknown ones arrived`;
}
