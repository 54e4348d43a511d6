import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { localClient } from '../../infra/local/local-client.ts';
import type { AccountId, CustomerId } from '../../shared/instagram/ids.ts';
import { NoBrowser, startBrowser } from '../builders/browser.ts';
import { startTestGateway, type TestGateway } from '../builders/gateway.ts';
import { type Item, itemsOf, load } from '../builders/stored-in-bulk.ts';
import { accountId, messageItem } from '../builders/webhook.ts';

const browser = await startBrowser();
const notRun = browser instanceof NoBrowser ? browser.message : undefined;
const isFull = inject('scale') === 'full';
/** A hundred pages of the list and some, or a large shop's. */
const everybody = isFull ? 50_000 : 5_200;
const messagesOfFirst = 200;
const rowPx = 92;
const chunk = 1_000;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 900_000 });

const customerOf = (place: number) => String(10 ** 15 + place) as CustomerId;

/** A person of whom the first wrote a lot, and the others a message each; the higher the place, the older. */
function correspondence(place: number, nowMs: number) {
  const customerId = customerOf(place);
  const written = (n: number, timestamp: number, text: string) =>
    messageItem({ mid: `m${place}_${n}`, text }, { sender: { id: customerId }, timestamp });
  const atMs = nowMs - place * 1_000;
  return {
    customer: { accountId: accountId as AccountId, customerId },
    deliveries:
      place === 0
        ? Array.from({ length: messagesOfFirst }, (_, n) =>
            written(
              n,
              atMs - n * 400_000,
              `Message ${n}, with words enough for more than one line of a bubble`,
            ),
          )
        : [written(0, atMs, `Message of person ${place}`)],
    person: { username: `user_${place}`, name: `Person ${place}` },
    ...(place % 3 !== 0 && { readByUsAtMs: atMs }),
  };
}

/** Stores them as the consumer does, but in bulk. */
async function storeEverybody(gateway: TestGateway): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
  const nowMs = Date.now();
  for (let first = 0; first < everybody; first += chunk) {
    const places = Array.from({ length: Math.min(chunk, everybody - first) }, (_, n) => first + n);
    const items = (await Promise.all(places.map((place) => itemsOf(correspondence(place, nowMs))))).flat();
    // Every conversation lists its account, and a batch may not have a key twice.
    await load(client, gateway.tableName, withoutRepeats(items));
    if (isFull) console.log(`  stored: ${first + places.length} of ${everybody} conversations`);
  }
  client.destroy();
}

const withoutRepeats = (items: readonly Item[]) => [
  ...new Map(items.map((item) => [JSON.stringify([item.pk, item.sk]), item])).values(),
];

/** What the page holds once nothing is left to collect, in bytes. */
async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** Scrolls on until so many pages of 50 are listed; gives the most rows that were in the page. */
async function scrollThrough(page: Page, pages: number): Promise<number> {
  let most = 0;
  for (;;) {
    const [rows = 0, listed = 0] = (await page.evaluate(`(() => {
      const list = document.querySelector('.rows');
      list.scrollTop = list.scrollHeight;
      return [document.querySelectorAll('.row').length, Number.parseFloat(list.firstElementChild.style.height) / ${rowPx}];
    })()`)) as number[];
    most = Math.max(most, rows);
    if (listed >= pages * 50) return most;
    await page.waitForTimeout(20);
  }
}

describe.skipIf(notRun)(
  `the inbox of ${everybody} conversations, served by the API${notRun ? ` (not run: ${notRun})` : ''}`,
  () => {
    let gateway: TestGateway;
    let page: Page;
    beforeAll(async () => {
      if (browser instanceof NoBrowser) return;
      gateway = await startTestGateway();
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      await storeEverybody(gateway);
      await page.goto(`${gateway.url}/#key=${gateway.apiKey}`);
      await page.locator('.row-main').first().waitFor();
    });
    afterAll(async () => {
      if (browser instanceof NoBrowser) return;
      await gateway.stop();
      await browser.close();
    });

    test('holds few rows, and no more memory after a hundred pages than after five', async () => {
      const session = await page.context().newCDPSession(page);
      const rowsAtFive = await scrollThrough(page, 5);
      const atFive = await heapBytes(session);
      const rowsAtHundred = await scrollThrough(page, 100);
      const atHundred = await heapBytes(session);
      const mostRows = Math.max(rowsAtFive, rowsAtHundred);
      if (isFull) {
        const [five, hundred] = [atFive, atHundred].map((bytes) => (bytes / 1e6).toFixed(1));
        console.log(`  ${mostRows} rows at most; heap ${five} MB at page 5, ${hundred} MB at page 100`);
      }
      expect(mostRows).toBeLessThan(500);
      // The order of 5,000 ids is kept; their rows are not.
      expect(atHundred - atFive).toBeLessThan(1_500_000);
    });

    test('shows again what it had let go', async () => {
      await page.evaluate(`document.querySelector('.rows').scrollTop = ${rowPx * 2_000}`);
      await page.getByText('Person 2005', { exact: true }).waitFor();
      await expect.poll(() => page.locator('.row.skeleton').count()).toBe(0);
      await page.evaluate(`document.querySelector('.rows').scrollTop = 0`);
      await page.getByText('Person 0', { exact: true }).waitFor();
    });

    test('older messages load above without moving what is read', async () => {
      await page.locator('.row-main').first().click();
      await page.locator('.message').first().waitFor();
      const readAt = `document.querySelector('[data-message$="m0_45"]').getBoundingClientRect().y`;
      const before = await page.evaluate(
        `(() => { document.querySelector('.thread-scroll').scrollTop = 300; return ${readAt}; })()`,
      );
      await expect.poll(() => page.locator('.message').count()).toBeGreaterThan(50);
      const after = await page.evaluate(readAt);
      expect(Math.abs(Number(after) - Number(before))).toBeLessThan(2);
    });
  },
);
