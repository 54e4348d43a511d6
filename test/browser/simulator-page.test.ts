import type { Page } from 'playwright-core';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Meta } from '../../infra/meta-simulator/start-meta.ts';
import { clippedElements, errorsOf, NoBrowser, startBrowser } from '../builders/browser.ts';
import { type CallbackServer, startCallbackServer } from '../unit/meta-simulator/callback-server.ts';
import { call, startTestMeta } from '../unit/meta-simulator/simulated-meta.ts';

const browser = await startBrowser();
const notRun = browser instanceof NoBrowser ? browser.message : undefined;
const ada = '123456789';

interface Opened {
  readonly page: Page;
  readonly meta: Meta;
  readonly webhook: CallbackServer;
  readonly errors: readonly string[];
}

/** The next delivery whose item has this member, passing over the others. */
async function delivered(webhook: CallbackServer, member: string): Promise<Record<string, unknown>> {
  for (;;) {
    const { body } = await webhook.next();
    const { entry } = JSON.parse(body.toString()) as { entry: { messaging?: Record<string, unknown>[] }[] };
    const item = entry.flatMap(({ messaging = [] }) => messaging).find((candidate) => member in candidate);
    if (item) return item;
  }
}

async function open(size = { width: 1440, height: 1000 }): Promise<Opened> {
  if (browser instanceof NoBrowser) throw browser;
  const webhook = await startCallbackServer();
  const meta = await startTestMeta({ callbackUrl: webhook.url });
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(5000);
  onTestFinished(async () => {
    await page.close();
    await meta.stop();
    await webhook.close();
  });
  const errors = errorsOf(page);
  await page.goto(meta.url);
  await page.getByText('Hello!').waitFor();
  return { page, meta, webhook, errors };
}

const answer = (meta: Meta, message: unknown) =>
  call(meta, '/me/messages', { recipient: { id: ada }, message });

async function write(page: Page, text: string): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

const bubble = (page: Page, text: string) => page.locator('#thread li', { hasText: text });

async function act(page: Page, text: string, action: string): Promise<void> {
  await bubble(page, text).locator('summary').click();
  await bubble(page, text).getByRole('button', { name: action }).click();
}

afterAll(async () => {
  if (!(browser instanceof NoBrowser)) await browser.close();
});

describe.skipIf(notRun)(`the customer's phone${notRun ? ` (not run: ${notRun})` : ''}`, () => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
    return () => {
      if (opened.errors.length > 0) throw new Error(`On the console: ${opened.errors.join('\n')}`);
    };
  });

  test('a message typed on it is delivered within a second', async () => {
    const { page, webhook } = opened;
    await page.getByLabel('Message', { exact: true }).fill('Do you ship to Malmö? 😀');
    const startedAtMs = performance.now();
    await page.keyboard.press('Enter');
    const { message, sender } = await delivered(webhook, 'message');
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
    expect(sender).toEqual({ id: ada });
    expect(message).toMatchObject({ text: 'Do you ship to Malmö? 😀' });
    await bubble(page, 'Do you ship to Malmö? 😀').waitFor();
    await page.locator('#deliveries li', { hasText: 'message' }).getByText('delivered').waitFor();
  });

  test("the business's answer shows, and is seen", async () => {
    const { page, meta, webhook } = opened;
    const { body } = await answer(meta, { text: 'It takes two days.' });
    await bubble(page, 'It takes two days.').waitFor();
    expect(await delivered(webhook, 'read')).toMatchObject({ read: { mid: body.message_id } });
  });

  test('the business types, and marks as seen', async () => {
    const { page, meta } = opened;
    await call(meta, '/me/messages', { recipient: { id: ada }, sender_action: 'typing_on' });
    await page.getByText('Typing…').waitFor();
    await call(meta, '/me/messages', { recipient: { id: ada }, sender_action: 'mark_seen' });
    await expect.poll(() => bubble(page, 'Hello!').getByText('Seen').isVisible()).toBe(true);
  });

  test('reply, reaction, edit and unsend', async () => {
    const { page, meta, webhook } = opened;
    const { body } = await answer(meta, { text: 'Which colour?' });
    await act(page, 'Which colour?', 'React love');
    expect(await delivered(webhook, 'reaction')).toMatchObject({
      reaction: { mid: body.message_id, action: 'react', reaction: 'love', emoji: '❤️' },
    });
    await bubble(page, 'Which colour?').getByLabel('You reacted ❤️').waitFor();
    await act(page, 'Which colour?', 'Remove reaction');
    expect(await delivered(webhook, 'reaction')).toMatchObject({ reaction: { action: 'unreact' } });

    await act(page, 'Which colour?', 'Reply');
    await page.getByText('Replying to: Which colour?').waitFor();
    await write(page, 'Blau');
    // The echo of the question comes first.
    const reply = await delivered(webhook, 'message').then(({ message }) => message);
    const written = 'is_echo' in (reply as object) ? (await delivered(webhook, 'message')).message : reply;
    expect(written).toMatchObject({ text: 'Blau', reply_to: { mid: body.message_id } });

    await act(page, 'Blau', 'Edit');
    await write(page, 'Blue');
    expect(await delivered(webhook, 'message_edit')).toMatchObject({
      message_edit: { text: 'Blue', num_edit: 1 },
    });
    await bubble(page, 'Blue').getByText('Edited').waitFor();

    await act(page, 'Blue', 'Unsend');
    expect(await delivered(webhook, 'message')).toMatchObject({ message: { is_deleted: true } });
    await bubble(page, 'Blue').waitFor({ state: 'detached' });
  });

  test('quick replies, template buttons and ice breakers are tapped', async () => {
    const { page, meta, webhook } = opened;
    const quick = [{ content_type: 'text', title: 'Blue', payload: 'COLOR_BLUE' }];
    await answer(meta, { text: 'Pick', quick_replies: quick });
    await page.getByRole('group', { name: 'Quick replies' }).getByRole('button', { name: 'Blue' }).click();
    await bubble(page, 'Blue').waitFor();

    const buttons = [{ type: 'postback', title: 'Track order', payload: 'TRACK' }];
    const payload = { template_type: 'button', text: 'What next?', buttons };
    await answer(meta, { attachment: { type: 'template', payload } });
    await page.getByRole('button', { name: 'Track order' }).click();
    expect(await delivered(webhook, 'postback')).toMatchObject({ postback: { payload: 'TRACK' } });

    const ice_breakers = [{ question: 'When are you open?', payload: 'HOURS' }];
    await call(meta, '/me/messenger_profile', { platform: 'instagram', ice_breakers });
    await page.getByText('Add customer').click();
    await page.getByLabel('Username').fill('bo.r');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'When are you open?' }).click();
    expect(await delivered(webhook, 'postback')).toMatchObject({ postback: { payload: 'HOURS' } });
  });

  test('a photo from disk is delivered with an address that answers', async () => {
    const { page, webhook } = opened;
    const bytes = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
      'base64',
    );
    await page.locator('#photo-file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: bytes });
    const { message } = await delivered(webhook, 'message');
    const { attachments } = message as { attachments: { type: string; payload: { url: string } }[] };
    expect(attachments).toMatchObject([{ type: 'image' }]);
    const held = await fetch(attachments[0]?.payload.url ?? '');
    expect(held.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await held.arrayBuffer())).toEqual(bytes);
    await page.locator('#thread img').waitFor();
  });

  test('a voice message is recorded and delivered', async () => {
    const { page, webhook } = opened;
    await page.getByRole('button', { name: 'Voice' }).click();
    await page.getByRole('button', { name: 'Stop and send' }).click();
    const { message } = await delivered(webhook, 'message');
    expect(message).toMatchObject({ attachments: [{ type: 'audio', payload: { url: expect.any(String) } }] });
    await page.locator('#thread audio').waitFor();
  });

  test('a story mention, a link and a comment', async () => {
    const { page, webhook } = opened;
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Mention' }).click();
    expect(await delivered(webhook, 'message')).toMatchObject({
      message: { attachments: [{ type: 'story_mention' }] },
    });
    await page.getByRole('button', { name: 'Follow' }).click();
    expect(await delivered(webhook, 'referral')).toMatchObject({ referral: { ref: 'summer' } });
    await page.getByRole('button', { name: 'Comment' }).click();
    await page.locator('#deliveries li', { hasText: 'comments' }).getByText('delivered').waitFor();
  });

  test('a fault set on the page strikes', async () => {
    const { page, meta, webhook } = opened;
    await page.getByLabel('duplicate delivery').fill('1');
    await expect.poll(() => meta.world.faults.all().duplicate_delivery).toEqual({ probability: 1 });
    await write(page, 'Twice');
    const [first, second] = [await delivered(webhook, 'message'), await delivered(webhook, 'message')];
    expect(first).toEqual(second);
  });

  test('the clock moves on', async () => {
    const { page, meta } = opened;
    const beforeMs = meta.world.clock.nowMs();
    await page.getByRole('button', { name: '+24 h' }).click();
    await expect.poll(() => meta.world.clock.nowMs() - beforeMs).toBeGreaterThanOrEqual(86_400_000);
    const { status } = await answer(meta, { text: 'Too late' });
    expect(status).toBe(400);
  });

  test('a delivery is sent again, and its payload shown', async () => {
    const { page, webhook } = opened;
    await write(page, 'Once more');
    const first = await delivered(webhook, 'message');
    const row = page.locator('#deliveries li', { hasText: 'message' });
    await row.getByText('delivered').waitFor();
    await row.getByRole('button', { name: 'Send again' }).click();
    expect(await delivered(webhook, 'message')).toEqual(first);
    await row.getByText('Payload').click();
    await row.getByText('"text": "Once more"').waitFor();
  });

  test('every example is valid JSON that the webhook gets signed, and a pasted payload as it is', async () => {
    const { page, webhook } = opened;
    await page.getByLabel('Load Example').selectOption('reaction');
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('The webhook answered 200.').waitFor();
    expect(await delivered(webhook, 'reaction')).toMatchObject({ sender: { id: ada } });

    await page.getByLabel('Payload (JSON)').fill('{"object":"instagram","entry":[],"mine":"ü"}');
    await page.getByRole('button', { name: 'Sign and send' }).click();
    const { body, headers } = await webhook.next();
    expect(body.toString()).toBe('{"object":"instagram","entry":[],"mine":"\\u00fc"}');
    expect(headers['x-hub-signature-256']).toMatch(/^sha256=[0-9a-f]{64}$/);

    await page.getByLabel('Payload (JSON)').fill('{"object":');
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('Not sent: this is no JSON.').waitFor();
  });

  test('hostile text stays text', async () => {
    const { page, meta } = opened;
    const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    await write(page, hostile);
    await bubble(page, hostile).waitFor();
    await answer(meta, { text: hostile });
    await expect.poll(() => page.locator('#thread .business', { hasText: hostile }).count()).toBe(1);
    expect(await page.locator('#thread img, #thread script').count()).toBe(0);
    expect(await page.title()).toBe("Customer's phone · Meta simulator");
  });

  test('the keyboard alone is enough', async () => {
    const { page, webhook } = opened;
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('two');
    await page.keyboard.press('Enter');
    expect(await delivered(webhook, 'message')).toMatchObject({ message: { text: 'one\ntwo' } });
    await bubble(page, 'one').waitFor();

    // Back from the field to what can be done with the newest message.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await delivered(webhook, 'reaction')).toMatchObject({ reaction: { reaction: 'love' } });
    await bubble(page, 'one').getByLabel('You reacted ❤️').waitFor();
  });
});

describe.skipIf(notRun)('at each width', () => {
  test.each([320, 390, 768, 1440])(
    '%i px: nothing is clipped, and nothing scrolls sideways',
    async (width) => {
      const { page, meta, errors } = await open({ width, height: 800 });
      await answer(meta, { text: `https://example.com/${'long'.repeat(40)}` });
      await bubble(page, 'longlong').waitFor();
      await act(page, 'Hello!', 'React wow');
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByText('Add customer').click();
      const delivery = page.locator('#deliveries li').first();
      await delivery.getByText('Payload').click();
      await delivery.getByText('"object": "instagram"').waitFor();
      await page.getByLabel('duplicate delivery').fill('1');
      await page.locator('#faults .on').waitFor();
      expect(await clippedElements(page)).toEqual([]);
      expect(errors).toEqual([]);
    },
  );
});
