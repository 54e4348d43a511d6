import { expect, test } from 'vitest';
import { errorsOf } from '../builders/browser.ts';
import { actOn, ada, bubble, describeInbox, field, write } from '../builders/inbox-page.ts';
import { voiceFile } from '../builders/voice-file.ts';

const dayMs = 24 * 60 * 60 * 1000;
const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

describeInbox('a thread of the inbox', (inbox) => {
  test('receive, reply, edit and unsend', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    const { id: mid } = inbox().gateway.meta.customers.write(ada, { text: 'Do you ship to Malmö?' });
    await actOn(page, 'Do you ship to Malmö?', 'Reply');
    await page.getByText('Replying to').waitFor();
    await write(page, 'Yes, in two days.');
    await bubble(page, 'Yes, in two days.').locator('.quote', { hasText: 'Do you ship to Malmö?' }).waitFor();
    expect(inbox().gateway.arrived().at(-1)).toMatchObject({ text: 'Yes, in two days.', replyToMid: mid });
    inbox().gateway.meta.customers.edit(mid, 'Do you ship to Lund?');
    await bubble(page, 'Do you ship to Lund?').getByText('Edited').waitFor();
    inbox().gateway.meta.customers.unsend(mid);
    await page.locator(`[data-message="${mid}"]`).getByText('This message was unsent').waitFor();
    expect(await page.getByText('Do you ship to Lund?').count()).toBe(0);
  });

  test('react, and take it back', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    inbox().gateway.meta.customers.write(ada, { text: 'It fits!' });
    await actOn(page, 'It fits!', 'React with 👍');
    const ours = page.getByRole('button', { name: 'Remove your reaction 👍' });
    await ours.waitFor();
    await expect.poll(async () => JSON.stringify(await inbox().gateway.stored())).toContain('👍');
    await ours.click();
    await expect.poll(async () => JSON.stringify(await inbox().gateway.stored())).not.toContain('👍');
    await ours.waitFor({ state: 'detached' });
  });

  test('a photo from disk arrives on the phone', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    const errors = errorsOf(page);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: photo });
    await page.locator('.tray-item', { hasText: 'Photo' }).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => JSON.stringify(inbox().gateway.arrived().at(-1))).toContain('image');
    await page.locator('.message:not(.pending) .media-photo img').last().waitFor();
    expect(errors).toEqual([]);
  });

  /** Puts a file where customers' files are kept. */
  async function hold(contentType: string, bytes: Buffer): Promise<string> {
    const held = await fetch(`${inbox().gateway.meta.url}/simulator/media`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: new Uint8Array(bytes),
    });
    return ((await held.json()) as { url: string }).url;
  }

  /** Half a second of a grey canvas, as this browser records it. */
  async function videoFile(): Promise<Buffer> {
    const page = await (await inbox().newContext()).newPage();
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
    const page = await inbox().openThread(await inbox().newContext());
    const errors = errorsOf(page);
    inbox().gateway.meta.customers.write(ada, { attachments: [{ type, payload: { url } }] });
    await page.locator(`.message ${type}`).last().waitFor();
    const played = `[...document.querySelectorAll('.message ${type}')].at(-1)`;
    await page.evaluate(`${played}.muted = true, ${played}.play()`);
    await expect.poll(() => page.evaluate(`${played}.currentTime`)).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test('hostile text is text', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    const text = '<img src=x onerror="document.title=1"> javascript:alert(1) \u202Egnp.exe zero\u200Bwidth';
    inbox().gateway.meta.customers.write(ada, { text });
    const shown = bubble(page, 'onerror').last();
    await shown.getByText('U+202E').waitFor();
    await shown.getByText('U+200B').waitFor();
    expect(await shown.locator('img, a').count()).toBe(0);
    expect(await page.title()).toContain('Inbox');
  });

  test('the window closes while one looks', async () => {
    await inbox().gateway.wroteAgo('555000111', dayMs - 15_000);
    const page = await inbox().openThread(await inbox().newContext(), 'Hello?');
    await field(page).waitFor();
    await page.getByText('More than 24 hours have passed').waitFor({ timeout: 30_000 });
    await page.locator('.row.open', { hasText: '24h EXPIRED' }).waitFor();
    expect(await field(page).count()).toBe(0);
  });
});
