import type { BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import { firstCustomer } from '../../infra/meta-simulator/start-meta.ts';
import { NoBrowser, startBrowser } from './browser.ts';
import { type SendingGateway, startSendingGateway } from './sending-gateway.ts';

/** The inbox page in a real browser, signed in at a gateway of its own, whose first customer has just written. */
export interface Inbox {
  readonly gateway: SendingGateway;
  newContext(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Signed in by the link that `npm run dev` prints. */
  open(context: BrowserContext): Promise<Page>;
  openThread(context: BrowserContext, name?: string): Promise<Page>;
}

/** The person who wrote first. */
export const ada = firstCustomer.id;

/** Tests of the inbox page; where no browser runs they are not run, and say so. */
export function describeInbox(what: string, tests: (inbox: () => Inbox) => void): void {
  describe.skipIf(notRun)(`${what}${notRun ? ` (not run: ${notRun})` : ''}`, () => {
    let inbox: Inbox;
    beforeAll(async () => {
      inbox = inboxOf(await startSendingGateway('facebook'));
    });
    afterAll(async () => {
      await inbox.gateway.stop();
      if (!(browser instanceof NoBrowser)) await browser.close();
    });
    tests(() => inbox);
  });
}

const browser = await startBrowser();
const notRun = browser instanceof NoBrowser ? browser.message : undefined;

function inboxOf(gateway: SendingGateway): Inbox {
  const inbox: Inbox = {
    gateway,
    async newContext(options = {}) {
      if (browser instanceof NoBrowser) throw browser;
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      context.setDefaultTimeout(15_000);
      onTestFinished(() => context.close());
      return context;
    },
    async open(context) {
      const page = await context.newPage();
      await page.goto(`${gateway.url}/#key=${gateway.apiKey}`);
      await page.locator('.row-main').first().waitFor();
      return page;
    },
    async openThread(context, name = 'Ada') {
      const page = await inbox.open(context);
      await page.locator('.row-main', { hasText: name }).click();
      await page.locator('.message').first().waitFor();
      return page;
    },
  };
  return inbox;
}

export const bubble = (page: Page, text: string): Locator =>
  page.locator('.message:not(.pending)', { hasText: text });
export const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true });

export async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.keyboard.press('Enter');
}

export async function actOn(page: Page, text: string, action: string): Promise<void> {
  await bubble(page, text).first().hover();
  await bubble(page, text).first().getByRole('button', { name: action, exact: true }).click();
}
