import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { firstCustomer } from '../../infra/meta-simulator/start-meta.ts';
import { clippedElements, errorsOf, NoBrowser, startBrowser } from '../builders/browser.ts';
import { type SendingGateway, startSendingGateway } from '../builders/sending-gateway.ts';
import { voiceFile } from '../builders/voice-file.ts';

const browser = await startBrowser();
const notRun = browser instanceof NoBrowser ? browser.message : undefined;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ada = firstCustomer.id;
const dayMs = 24 * 60 * 60 * 1000;
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

describe.skipIf(notRun)(`the inbox page${notRun ? ` (not run: ${notRun})` : ''}`, () => {
  let gateway: SendingGateway;
  beforeAll(async () => {
    gateway = await startSendingGateway('facebook');
  });
  afterAll(async () => {
    await gateway.stop();
    if (!(browser instanceof NoBrowser)) await browser.close();
  });

  async function newContext(options = {}): Promise<BrowserContext> {
    if (browser instanceof NoBrowser) throw browser;
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(15_000);
    onTestFinished(() => context.close());
    return context;
  }

  /** Signed in by the link that `npm run dev` prints. */
  async function openInbox(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${gateway.url}/#key=${gateway.apiKey}`);
    await page.locator('.row-main').first().waitFor();
    return page;
  }

  async function openThread(context: BrowserContext, name = 'Ada'): Promise<Page> {
    const page = await openInbox(context);
    await page.locator('.row-main', { hasText: name }).click();
    await page.locator('.message').first().waitFor();
    return page;
  }

  const bubble = (page: Page, text: string) => page.locator('.message:not(.pending)', { hasText: text });
  const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
  const arrivedTimes = (text: string) => gateway.arrived().filter((message) => message.text === text).length;

  async function write(page: Page, text: string): Promise<void> {
    await field(page).fill(text);
    await page.keyboard.press('Enter');
  }

  async function actOn(page: Page, text: string, action: string): Promise<void> {
    await bubble(page, text).first().hover();
    await bubble(page, text).first().getByRole('button', { name: action, exact: true }).click();
  }

  test('a link signs in, and leaves no key behind', async () => {
    const page = await openInbox(await newContext());
    expect(page.url()).toBe(`${gateway.url}/`);
    expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain(
      gateway.apiKey,
    );
  });

  test('a key signs in, a wrong one is told, and signing out ends it', async () => {
    const page = await (await newContext()).newPage();
    await page.goto(gateway.url);
    await page.getByLabel('API key').fill('igmg_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The gateway does not know this key').waitFor();
    await page.getByLabel('API key').fill(gateway.apiKey);
    await page.keyboard.press('Enter');
    await page.locator('.row-main').first().waitFor();
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
    expect(await page.locator('.row-main').count()).toBe(0);
  });

  test('receive, reply, edit and unsend', async () => {
    const page = await openThread(await newContext());
    const { id: mid } = gateway.meta.customers.write(ada, { text: 'Do you ship to Malmö?' });
    await actOn(page, 'Do you ship to Malmö?', 'Reply');
    await page.getByText('Replying to').waitFor();
    await write(page, 'Yes, in two days.');
    await bubble(page, 'Yes, in two days.').locator('.quote', { hasText: 'Do you ship to Malmö?' }).waitFor();
    expect(gateway.arrived().at(-1)).toMatchObject({ text: 'Yes, in two days.', replyToMid: mid });
    gateway.meta.customers.edit(mid, 'Do you ship to Lund?');
    await bubble(page, 'Do you ship to Lund?').getByText('Edited').waitFor();
    gateway.meta.customers.unsend(mid);
    await page.locator(`[data-message="${mid}"]`).getByText('This message was unsent').waitFor();
    expect(await page.getByText('Do you ship to Lund?').count()).toBe(0);
  });

  test('react, and take it back', async () => {
    const page = await openThread(await newContext());
    gateway.meta.customers.write(ada, { text: 'It fits!' });
    await actOn(page, 'It fits!', 'React with 👍');
    const ours = page.getByRole('button', { name: 'Remove your reaction 👍' });
    await ours.waitFor();
    await expect.poll(async () => JSON.stringify(await gateway.stored())).toContain('👍');
    await ours.click();
    await expect.poll(async () => JSON.stringify(await gateway.stored())).not.toContain('👍');
    await ours.waitFor({ state: 'detached' });
  });

  test('what is written fast arrives in order, each once', async () => {
    const page = await openThread(await newContext());
    for (const text of ['first of three', 'second of three', 'third of three']) await write(page, text);
    await bubble(page, 'third of three').waitFor();
    const ours = gateway.arrived().flatMap(({ text }) => (text?.endsWith('of three') ? [text] : []));
    expect(ours).toEqual(['first of three', 'second of three', 'third of three']);
  });

  test('a long text goes out as the messages that the preview shows', async () => {
    const page = await openThread(await newContext());
    await field(page).fill(`${'longer '.repeat(200)}end`);
    await page.getByText('1403 of 1000 bytes · Goes out as 2 messages').waitFor();
    const parts = await page.locator('.split-preview li p').allInnerTexts();
    await page.keyboard.press('Enter');
    await bubble(page, 'end').waitFor();
    expect(
      gateway
        .arrived()
        .slice(-2)
        .map(({ text }) => text),
    ).toEqual(parts);
  });

  test('a photo from disk arrives on the phone', async () => {
    const page = await openThread(await newContext());
    const errors = errorsOf(page);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: photo });
    await page.locator('.tray-item', { hasText: 'Photo' }).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => JSON.stringify(gateway.arrived().at(-1))).toContain('image');
    await page.locator('.message:not(.pending) .media-photo img').last().waitFor();
    expect(errors).toEqual([]);
  });

  /** Puts a file where customers' files are kept. */
  async function hold(contentType: string, bytes: Buffer): Promise<string> {
    const held = await fetch(`${gateway.meta.url}/simulator/media`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: new Uint8Array(bytes),
    });
    return ((await held.json()) as { url: string }).url;
  }

  /** Half a second of a grey canvas, as this browser records it. */
  async function videoFile(): Promise<Buffer> {
    const page = await (await newContext()).newPage();
    const base64 = await page.evaluate<string>(`new Promise((resolve) => {
      const canvas = document.createElement('canvas');
      const paint = setInterval(() => canvas.getContext('2d').fillRect(0, 0, performance.now() % 100, 50), 20);
      canvas.getContext('2d').fillRect(0, 0, 100, 50);
      const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
      recorder.ondataavailable = ({ data }) => {
        clearInterval(paint);
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(',')[1]);
        reader.readAsDataURL(data);
      };
      recorder.start();
      setTimeout(() => recorder.stop(), 500);
    })`);
    return Buffer.from(base64, 'base64');
  }

  test.each([
    ['audio', 'audio/wav', async () => voiceFile(0.2)],
    ['video', 'video/webm', videoFile],
  ] as const)('%s plays under the policy of the page', async (type, contentType, makeFile) => {
    const url = await hold(contentType, await makeFile());
    const page = await openThread(await newContext());
    const errors = errorsOf(page);
    gateway.meta.customers.write(ada, { attachments: [{ type, payload: { url } }] });
    await page.locator(`.message ${type}`).last().waitFor();
    const played = `[...document.querySelectorAll('.message ${type}')].at(-1)`;
    await page.evaluate(`${played}.muted = true, ${played}.play()`);
    await expect.poll(() => page.evaluate(`${played}.currentTime`)).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test('a message that comes while one looks elsewhere stands in the title', async () => {
    const page = await openInbox(await newContext());
    gateway.meta.customers.write(ada, { text: 'Anybody there?' });
    await page.locator('.row.unread', { hasText: 'Anybody there?' }).waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(\d+\) Inbox$/);
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await page.locator('.row.open:not(.unread)', { hasText: 'Anybody there?' }).waitFor();
    await expect
      .poll(async () => (await gateway.api('/api/conversations?filter=unread')).body.data ?? [])
      .not.toContainEqual(expect.objectContaining({ recipient_id: ada }));
  });

  test('hostile text is text', async () => {
    const page = await openThread(await newContext());
    const text = '<img src=x onerror="document.title=1"> javascript:alert(1) \u202Egnp.exe zero\u200Bwidth';
    gateway.meta.customers.write(ada, { text });
    const shown = bubble(page, 'onerror').last();
    await shown.getByText('U+202E').waitFor();
    await shown.getByText('U+200B').waitFor();
    expect(await shown.locator('img, a').count()).toBe(0);
    expect(await page.title()).toContain('Inbox');
  });

  test('the window closes while one looks', async () => {
    await gateway.wroteAgo('555000111', dayMs - 15_000);
    const page = await openThread(await newContext(), 'Hello?');
    await field(page).waitFor();
    await page.getByText('More than 24 hours have passed').waitFor({ timeout: 30_000 });
    await page.locator('.row.open', { hasText: '24h EXPIRED' }).waitFor();
    expect(await field(page).count()).toBe(0);
  });

  test('the answer of another person in between is shown first', async () => {
    const context = await newContext();
    const [jo, sam] = [await openThread(context), await openThread(context)];
    // Jo's page does not learn of Sam's answer.
    await jo.route('**/messages?*', (route) => route.abort());
    await write(sam, 'Sam was first');
    await bubble(sam, 'Sam was first').waitFor();
    await write(jo, 'Jo was second');
    const trouble = jo.locator('.trouble', { hasText: 'Jo was second' });
    await trouble.getByText('somebody answered first').waitFor();
    expect(arrivedTimes('Jo was second')).toBe(0);
    await jo.unroute('**/messages?*');
    await bubble(jo, 'Sam was first').waitFor();
    await trouble.getByRole('button', { name: 'Send anyway' }).click();
    await bubble(jo, 'Jo was second').waitFor();
    expect(arrivedTimes('Jo was second')).toBe(1);
    // An answer that was seen is no reason, however fresh one's own last message is.
    await bubble(sam, 'Jo was second').waitFor();
    await write(sam, 'Sam was third');
    await bubble(jo, 'Sam was third').waitFor();
    await write(jo, 'Jo was fourth');
    await bubble(jo, 'Jo was fourth').waitFor();
  });

  test('offline it says so, keeps what is sent, and sends it once', async () => {
    const context = await newContext();
    const page = await openThread(context);
    await context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await write(page, 'Written offline');
    await page
      .locator('.pending', { hasText: 'Written offline' })
      .getByText('Waiting for the connection')
      .waitFor();
    await page.locator('.pending').waitFor();
    await context.setOffline(false);
    await bubble(page, 'Written offline').waitFor();
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
    expect(arrivedTimes('Written offline')).toBe(1);
  });

  test('an ended session asks for the key, and the draft is still there', async () => {
    const context = await newContext();
    const page = await openThread(context);
    await field(page).fill('Begun before');
    await context.clearCookies();
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('API key').fill(gateway.apiKey);
    await page.keyboard.press('Enter');
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe('Begun before');
    await field(page).fill('');
  });

  test("saved replies are the team's, open by / and know the name", async () => {
    const context = await newContext();
    const page = await openThread(context);
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Add a reply' }).click();
    await page.getByLabel('Title').fill('Hours');
    await page.getByLabel(/^Text – /).fill('Hi {name}, we open at nine.');
    await page.getByRole('button', { name: 'Save replies' }).click();
    await page.getByText('Saved for the whole team.').waitFor();
    const other = await openThread(await newContext());
    await field(other).pressSequentially('/hou');
    await other.getByRole('option', { name: /^Hours/ }).waitFor();
    await other.keyboard.press('Enter');
    await expect.poll(() => field(other).inputValue()).toBe('Hi Ada, we open at nine.');
  });

  test('the form by id keeps the recipient and clears the rest', async () => {
    const page = await openInbox(await newContext());
    await page.locator('.row', { hasText: 'Ada' }).hover();
    await page.locator('.row', { hasText: 'Ada' }).getByRole('button', { name: 'Use This ID' }).click();
    const panel = page.getByRole('complementary', { name: 'Send by id' });
    await panel.getByLabel('Message', { exact: true }).fill('By its id');
    await panel.getByRole('button', { name: 'Send message' }).click();
    const shown = await panel.locator('.success code').innerText();
    expect(gateway.arrived().at(-1)).toMatchObject({ id: shown, text: 'By its id' });
    expect(await panel.getByLabel('Recipient').inputValue()).toBe(ada);
    expect(await panel.getByLabel('Message', { exact: true }).inputValue()).toBe('');
  });

  test('everything is reached by keys', async () => {
    const page = await openInbox(await newContext());
    const focused = () => page.evaluate('document.activeElement?.id');
    await page.keyboard.press('j');
    await page.locator('.row.open').waitFor();
    await page.locator('.message').first().waitFor();
    await page.keyboard.press('r');
    expect(await focused()).toBe('composer-text');
    await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    const search = page.getByRole('searchbox');
    expect(await focused()).toBe('search');
    await page.keyboard.type('nobody at all');
    await page.getByText('Nobody found').waitFor();
    await search.fill('');
    await page.locator('.row-main').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByText('Pick a conversation').waitFor();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing, in %s', async (colorScheme) => {
    // The checker is put into the page, which the page's own policy forbids.
    const page = await openThread(await newContext({ colorScheme, bypassCSP: true }));
    const violations = async () =>
      (await page.evaluate(
        `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
      )) as readonly string[];
    expect(await violations()).toEqual([]);
    for (const name of ['Send by id', 'Settings', /^Account health/, 'Keyboard']) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('button', { name: 'Close', exact: true }).waitFor();
      expect(await violations()).toEqual([]);
      await page.getByRole('button', { name: 'Close', exact: true }).click();
    }
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await violations()).toEqual([]);
  });

  test.each([320, 768, 1440])('nothing is cut off at %d px', async (width) => {
    const page = await openInbox(await newContext({ viewport: { width, height: 800 } }));
    expect(await clippedElements(page)).toEqual([]);
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await page.locator('.message').first().waitFor();
    await page.mouse.move(0, 0);
    expect(await clippedElements(page)).toEqual([]);
    await field(page).fill('wide '.repeat(300));
    await page.locator('.split-preview').waitFor();
    expect(await clippedElements(page)).toEqual([]);
    await field(page).fill('');
  });

  // The last one: a refused token makes the sends after it wait for a new one.
  test('a send that is refused says why, and goes out when it is sent again', async () => {
    const page = await openThread(await newContext());
    gateway.meta.world.faults.set('token_refused', { probability: 1 });
    onTestFinished(() => gateway.meta.world.faults.set('token_refused', { probability: 0 }));
    await page.route('**/api/send-message', (route) =>
      route.continue({ headers: { ...route.request().headers(), prefer: '' } }),
    );
    await write(page, 'Comes in the end');
    const trouble = page.locator('.trouble', { hasText: 'Comes in the end' });
    await trouble.getByText('Not sent', { exact: true }).waitFor();
    gateway.meta.world.faults.set('token_refused', { probability: 0 });
    await trouble.getByRole('button', { name: 'Send again' }).click();
    await bubble(page, 'Comes in the end').waitFor();
    expect(arrivedTimes('Comes in the end')).toBe(1);
  });
});
