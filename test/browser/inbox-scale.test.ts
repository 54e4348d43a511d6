import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NoBrowser, startBrowser } from '../builders/browser.ts';
import { startTestGateway, type TestGateway } from '../builders/gateway.ts';

const browser = await startBrowser();
const notRun = browser instanceof NoBrowser ? browser.message : undefined;
const everybody = 50_000;
const rowPx = 92;
const startedAtMs = Date.UTC(2026, 10, 25, 12);

/** A conversation and a message as the API shows them; the higher the place, the older. */
function conversation(place: number) {
  const at = new Date(startedAtMs - place * 60_000).toISOString();
  const id = String(10 ** 15 + place);
  return {
    id: `1.${id}`,
    recipient_id: id,
    account_id: '1',
    participant: { id, username: `user_${place}`, name: `Person ${place}` },
    last_activity_at: at,
    last_message: {
      id: `m${place}`,
      direction: 'in',
      kind: 'text',
      text: `Message of person ${place}`,
      sent_at: at,
    },
    unread: place % 3 === 0,
    can_reply: false,
    reply_window: { state: 'closed', reason: 'window_expired' },
  };
}

const message = (place: number) => ({
  id: `m${place}`,
  direction: place % 3 === 0 ? 'out' : 'in',
  kind: 'text',
  text: `Message ${place}, with words enough for more than one line of a bubble that is not all that wide`,
  sent_at: new Date(startedAtMs - place * 400_000).toISOString(),
});

function pageOf<T>(url: string, count: number, make: (place: number) => T) {
  const { searchParams } = new URL(url);
  const [from, limit] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('limit'))];
  const end = Math.min(count, from + limit);
  const data = Array.from({ length: end - from }, (_, offset) => make(from + offset));
  return { success: true, data, ...(end < count && { cursor: String(end) }) };
}

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

describe.skipIf(notRun)(`the inbox of 50,000 conversations${notRun ? ` (not run: ${notRun})` : ''}`, () => {
  let gateway: TestGateway;
  let page: Page;
  beforeAll(async () => {
    if (browser instanceof NoBrowser) return;
    gateway = await startTestGateway();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.route('**/api/conversations?*', (route) =>
      route.fulfill({ json: pageOf(route.request().url(), everybody, conversation) }),
    );
    await page.route('**/messages?*', (route) =>
      route.fulfill({ json: pageOf(route.request().url(), 200, message) }),
    );
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
    expect(Math.max(rowsAtFive, rowsAtHundred)).toBeLessThan(500);
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
    const readAt = `document.querySelector('[data-message="m45"]').getBoundingClientRect().y`;
    const before = await page.evaluate(
      `(() => { document.querySelector('.thread-scroll').scrollTop = 300; return ${readAt}; })()`,
    );
    await expect.poll(() => page.locator('.message').count()).toBeGreaterThan(50);
    const after = await page.evaluate(readAt);
    expect(Math.abs(Number(after) - Number(before))).toBeLessThan(2);
  });
});
