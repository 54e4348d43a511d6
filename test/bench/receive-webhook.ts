/**
 * The webhook: its own time for an event, the queue call excluded, beside what no webhook can do without (the HMAC of
 * the body, `JSON.parse`, `JSON.stringify`); and how long a delivery of 1000 events takes until it is answered and until
 * all are stored.
 *
 *   npm run bench -- --only receive-webhook
 */
import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { delivery, messageItem, metaBytes, sign } from '../builders/webhook.ts';
import { app, startBenchGateway } from './bench-gateway.ts';
import { bounded, type Figure, median, progress, ratio, report, timed } from './figures.ts';
import { becomeFunction, context, silently } from './in-process.ts';
import { signedEvent } from './signed-event.ts';
import { countMessages } from './stored.ts';

const rounds = 200;
/** Until the engine has compiled what it compiles: sooner the times are those of its interpreter, ours and bare. */
const warmUpsOf = (events: number) => (events < 1000 ? 3000 : 50);
const manyEvents = 1000;
const mostTimes = 2;
const answeredWithinMs = 2_000;
const storedWithinMs = 10_000;
const customers = Array.from({ length: 50 }, (_, n) => `${3_000_000_000 + n}`);

const gateway = await startBenchGateway();
await becomeFunction(gateway, 'receive-webhook');
const { handler } = await import('../../functions/receive-webhook/handler.ts');
const { sqs } = await import('../../shared/runtime/clients/sqs.ts');
sqs().send = async () => ({});

const figures: Figure[] = [];
for (const events of [1, 10, 1000]) {
  const body = bodyOf(events, 'cpu');
  const event = signedEvent(body);
  const took = { ours: [] as number[], bare: [] as number[] };
  for (let round = -warmUpsOf(events); round < rounds; round += 1) {
    if (round % 50 === 0) progress(`${events} events ${round}`);
    const ours = await silently(() => timed(() => handler(event, context)));
    const bare = await timed(async () => bareWork(body));
    if (round < 0) continue;
    took.ours.push(ours);
    took.bare.push(bare);
  }
  const what = `own time for a delivery of ${events}, beside HMAC, parse and stringify of it`;
  const micro = (times: readonly number[]) => median(times) * 1000;
  figures.push(ratio(what, micro(took.ours), micro(took.bare), mostTimes, 'µs'));
}

// By the whole gateway, as Meta sends it.
const body = bodyOf(manyEvents, 'whole');
const startedAtMs = performance.now();
const answer = await fetch(`${gateway.url}/api/webhook`, {
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body, app.secret) },
});
const answeredMs = performance.now() - startedAtMs;
if (answer.status !== 200) throw new Error(`The webhook answered ${answer.status}`);
let stored = 0;
while (stored < manyEvents && performance.now() - startedAtMs < 3 * storedWithinMs) {
  await delay(100);
  stored = await countMessages(gateway, customers);
  progress(`${stored} of ${manyEvents} stored`);
}
progress('');
const storedMs = performance.now() - startedAtMs;
figures.push(
  bounded(
    `a delivery of ${manyEvents} events is answered after`,
    answeredMs,
    { most: answeredWithinMs },
    'ms',
  ),
  bounded(`and stored after`, storedMs, { most: storedWithinMs }, 'ms'),
  bounded(`of them stored`, stored, { least: manyEvents }, 'events'),
);
await gateway.stop();
report(figures);

/** Of as many people as events, each with a message of everyday length. */
function bodyOf(events: number, name: string): string {
  const items = Array.from({ length: events }, (_, n) =>
    messageItem(
      {
        mid: `m_${name}_${n}`.padEnd(164, 'x'),
        text: `Do you ship to Malmö? I would need it by Friday. ${n}`,
      },
      { sender: { id: customers[n % customers.length] ?? '' }, timestamp: Date.now() - events + n },
    ),
  );
  return metaBytes(delivery(...items));
}

function bareWork(content: string): string {
  createHmac('sha256', app.secret).update(content).digest('hex');
  return JSON.stringify(JSON.parse(content));
}
