/**
 * The inbox page in a real browser against the gateway on this machine, with 60 conversations of 200 messages: the time
 * from opening it to the first list, beside a bare page that asks the same API for the same list and writes the names
 * down; and the longest task while the list and one thread after the other are scrolled.
 *
 *   npm run bench -- --only inbox
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { NoBrowser, startBrowser } from '../builders/browser.ts';
import { itemsOf, load } from '../builders/stored-in-bulk.ts';
import { messageItem } from '../builders/webhook.ts';
import { account, startBenchGateway } from './bench-gateway.ts';
import { bounded, median, report, short } from './figures.ts';

const people = 60;
const messagesEach = 200;
const rounds = 15;
const maxTaskMs = 100;

const started = await startBrowser();
if (started instanceof NoBrowser) {
  console.log(`not run: ${started.message}`);
  process.exit(0);
}
const browser = started;
const gateway = await startBenchGateway();
await storeConversations();

/** Nothing of ours: a list, asked for by a script in the page. It comes from the gateway's own origin. */
const bareHtml = `<!doctype html><title>Bare</title><ol></ol><script type="module">
const answer = await fetch('/api/conversations?limit=50');
const { data } = await answer.json();
document.querySelector('ol').append(...data.map(({ participant }) => {
  const row = document.createElement('li');
  row.className = 'row-main';
  row.textContent = participant.name;
  return row;
}));
</script>`;
const bare = createServer((_, response) => response.end(bareHtml));
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));

const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
const page = await context.newPage();
await page.goto(`${gateway.url}/#key=${gateway.apiKey}`);
await page.locator('.row-main').first().waitFor();
// Its address is the gateway's, its content the bare server's.
await context.route('**/bare', async (route) => {
  const { port } = bare.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await route.fulfill({ contentType: 'text/html', body: await response.text() });
});

const took = { inbox: [] as number[], bare: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  took.bare.push(await untilFirstRow('/bare'));
  took.inbox.push(await untilFirstRow('/'));
}
const tasks = await longTasks(page);
await browser.close();
await gateway.stop();
bare.close();
report([
  {
    what: 'first list of the inbox, beside a bare page that lists the same',
    measured: `${(median(took.inbox) / median(took.bare)).toFixed(2)} ×`,
    beside: `${short(median(took.inbox))} / ${short(median(took.bare))} ms`,
  },
  bounded(
    `longest task while scrolling ${people} conversations of ${messagesEach} messages`,
    Math.max(0, ...tasks),
    { most: maxTaskMs },
    'ms',
    `${tasks.length} above 50 ms`,
  ),
]);

async function untilFirstRow(path: string): Promise<number> {
  const startedAtMs = performance.now();
  await page.goto(`${gateway.url}${path}`, { waitUntil: 'commit' });
  await page.locator('.row-main').first().waitFor();
  return performance.now() - startedAtMs;
}

/** What the browser itself calls a long task, in ms, while a person goes through everything. */
async function longTasks(inbox: Page): Promise<number[]> {
  await inbox.goto(`${gateway.url}/`);
  await inbox.locator('.row-main').first().waitFor();
  await inbox.evaluate(`
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  `);
  for (let place = 0; place < people; place += 1) {
    await inbox.evaluate(`document.querySelector('.rows').scrollTop = ${place} * 92`);
    const row = inbox.locator('.row-main', { hasText: nameOf(place) });
    await row.click();
    await inbox.locator(`[data-message]`).first().waitFor();
    for (let step = 0; step < 8; step += 1) {
      await inbox.locator('.thread-scroll').evaluate((element) => element.scrollBy(0, -900));
      await inbox.waitForTimeout(30);
    }
  }
  return inbox.evaluate<number[]>('longTasks');
}

function nameOf(place: number): string {
  return `Fan ${String(place).padStart(3, '0')}`;
}

async function storeConversations(): Promise<void> {
  const nowMs = Date.now();
  for (let place = 0; place < people; place += 1) {
    const id = String(2_000_000_000_000_000 + place);
    const customer = { accountId: account.id as AccountId, customerId: id as CustomerId };
    const deliveries = Array.from({ length: messagesEach }, (_, n) =>
      messageItem(
        { mid: `aWdfZAG1f${place}_${n}`.padEnd(164, 'x'), text: `Message ${n}. `.repeat(1 + (n % 12)) },
        {
          sender: { id },
          recipient: { id: account.id },
          timestamp: nowMs - place * 60_000 - (messagesEach - n) * 30_000,
        },
      ),
    );
    const person = { username: `fan.${place}`, name: nameOf(place) };
    const items = await itemsOf({ customer, deliveries, person });
    const byKey = new Map(items.map((item) => [JSON.stringify([item.pk, item.sk]), item]));
    await load(gateway.table, gateway.tableName, [...byKey.values()]);
  }
}
