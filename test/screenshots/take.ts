/** `npm run screenshots`: pictures of the inbox page for the README, from a gateway with a simulated Meta. */
import { resolve } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { NoBrowser, startBrowser } from '../builders/browser.ts';
import { type SendingGateway, startSendingGateway } from '../builders/sending-gateway.ts';
import { tellStory } from './conversation.ts';

const folder = resolve(import.meta.dirname, '../../docs/screenshots');
const desk = { viewport: { width: 1280, height: 860 } };
const phone = { viewport: { width: 375, height: 812 }, hasTouch: true };
const dark = { colorScheme: 'dark' } as const;

const browser = await startBrowser();
if (browser instanceof NoBrowser) {
  console.error(`No screenshots: ${browser.message}`);
  process.exitCode = 1;
} else {
  const gateway = await startSendingGateway('facebook');
  try {
    await tellStory(gateway);
    for (const each of screens(gateway)) await take(browser, gateway, each);
  } finally {
    await gateway.stop();
    await browser.close();
  }
}

interface Screen {
  readonly name: string;
  readonly options: BrowserContextOptions;
  /** Leads from the list to what is shown. */
  readonly show?: (page: Page) => Promise<void>;
}

function screens(gateway: SendingGateway): readonly Screen[] {
  const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
  const openAda = async (page: Page) => {
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await page.locator('.message').first().waitFor();
    await page.mouse.move(0, 0);
    // What does not load has said so by then.
    await page.waitForTimeout(1500);
  };
  const beRefused = async (page: Page) => {
    await openAda(page);
    // A caller who waits for the answer is told at once.
    await page.route('**/api/send-message', (route) =>
      route.continue({ headers: { ...route.request().headers(), prefer: '' } }),
    );
    gateway.meta.world.faults.set('token_refused', { probability: 1 });
    await field(page).fill('On its way!');
    await page.keyboard.press('Enter');
    await page.locator('.trouble').getByText('Not sent', { exact: true }).first().waitFor();
    await page.waitForTimeout(500);
  };
  return [
    { name: 'list', options: desk },
    { name: 'thread', options: desk, show: openAda },
    { name: 'dark', options: { ...desk, ...dark }, show: openAda },
    {
      name: 'kinds',
      options: { viewport: { width: 1280, height: 1720 } },
      show: openAda,
    },
    {
      name: 'split',
      options: desk,
      show: async (page) => {
        await openAda(page);
        await field(page).fill('We pack it today and send it tomorrow. '.repeat(30));
      },
    },
    {
      name: 'expired',
      options: desk,
      show: async (page) => {
        await page.locator('.row-main', { hasText: 'Hello?' }).click();
        await page.getByText('More than 24 hours have passed').waitFor();
      },
    },
    {
      name: 'offline',
      options: desk,
      show: async (page) => {
        await openAda(page);
        await page.route('**/api/send-message', (route) => route.abort());
        await field(page).fill('On its way!');
        await page.keyboard.press('Enter');
        await page.context().setOffline(true);
        await page.getByText('Waiting for the connection').waitFor();
      },
    },
    {
      name: 'empty',
      options: desk,
      show: async (page) => {
        await page.getByRole('searchbox').fill('nobody');
        await page.getByText('Nobody found').waitFor();
      },
    },
    { name: 'phone-list', options: { ...phone, ...dark } },
    { name: 'phone-thread', options: phone, show: openAda },
    // The last two: what Meta refuses with its token makes the sends behind it wait.
    { name: 'error', options: desk, show: beRefused },
    { name: 'phone-error', options: phone, show: beRefused },
  ];
}

async function take(
  browser: Browser,
  gateway: SendingGateway,
  { name, options, show }: Screen,
): Promise<void> {
  const context = await browser.newContext({ ...options, timezoneId: 'Europe/Berlin', locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${gateway.url}/#key=${gateway.apiKey}`);
  await page.locator('.row-main').first().waitFor();
  await page.waitForTimeout(500);
  await show?.(page);
  await page.screenshot({ path: resolve(folder, `${name}.png`) });
  console.log(`docs/screenshots/${name}.png`);
  await context.close();
}
