import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ada, describeInbox } from '../builders/inbox-page.ts';

/** What reaches the person at the very edge of the browser: notifications that are shown, tones that are played. */
const told = `
  window.told = { asked: 0, notifications: [], tones: 0 };
  const Shown = window.Notification;
  window.Notification = class extends Shown {
    constructor(title, options) {
      super(title, options);
      told.notifications.push(title + ': ' + options.body);
    }
    static async requestPermission() {
      told.asked += 1;
      const answer = await Shown.requestPermission();
      sessionStorage.setItem('permission', answer);
      return answer;
    }
    // Without a window this browser forgets what it has granted.
    static get permission() { return sessionStorage.getItem('permission') ?? 'default'; }
  };
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...time) { told.tones += 1; return start.apply(this, time); };
`;

interface Told {
  readonly asked: number;
  readonly notifications: readonly string[];
  readonly tones: number;
}

describeInbox('being told of a message', (inbox) => {
  const toldIn = (page: Page) => page.evaluate<Told>('told');
  const customerWrites = (text: string) => inbox().gateway.meta.customers.write(ada, { text });
  const listed = (page: Page, text: string) => page.locator('.row', { hasText: text }).waitFor();
  /** The page learns of news with the next look at the list. */
  const refreshed = (page: Page) => page.getByRole('button', { name: 'Refresh', exact: true }).click();

  async function openWith(permissions: string[]): Promise<{ context: BrowserContext; page: Page }> {
    const context = await inbox().newContext({ permissions });
    await context.addInitScript(told);
    return { context, page: await inbox().open(context) };
  }

  async function switchOn(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('switch', { name }).click();
  }

  const closePanel = (page: Page) => page.getByRole('button', { name: 'Close', exact: true }).click();

  test('a message that comes while one looks elsewhere stands in the title', async () => {
    const page = await inbox().open(await inbox().newContext());
    customerWrites('Anybody there?');
    await page.locator('.row.unread', { hasText: 'Anybody there?' }).waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(\d+\) Inbox$/);
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await page.locator('.row.open:not(.unread)', { hasText: 'Anybody there?' }).waitFor();
    await expect
      .poll(async () => (await inbox().gateway.api('/api/conversations?filter=unread')).body.data ?? [])
      .not.toContainEqual(expect.objectContaining({ recipient_id: ada }));
  });

  test('by a notification and a sound, once they are switched on', async () => {
    const { page } = await openWith(['notifications']);
    customerWrites('Nobody hears this');
    await refreshed(page);
    await listed(page, 'Nobody hears this');
    expect(await toldIn(page)).toEqual({ asked: 0, notifications: [], tones: 0 });

    await switchOn(page, 'Desktop notifications for new messages');
    await expect.poll(async () => (await toldIn(page)).asked).toBe(1);
    await page.getByRole('switch', { name: 'Sound for new messages' }).click();
    // What it sounds like is heard at once.
    await expect.poll(async () => (await toldIn(page)).tones).toBe(2);
    await closePanel(page);

    customerWrites('Is it still there?');
    await refreshed(page);
    await listed(page, 'Is it still there?');
    await expect
      .poll(() => toldIn(page))
      .toEqual({
        asked: 1,
        notifications: [expect.stringContaining('Is it still there?')],
        tones: 4,
      });
    await page.reload();
    await page.locator('.row-main').first().waitFor();
    // The choice is kept, and nobody is asked again.
    expect(await toldIn(page)).toMatchObject({ asked: 0, notifications: [] });
  });

  test('not of the thread that is looked at, and not of our own messages', async () => {
    const { page } = await openWith(['notifications']);
    await switchOn(page, 'Desktop notifications for new messages');
    await page.getByRole('switch', { name: 'Sound for new messages' }).click();
    await closePanel(page);
    const tonesBefore = (await toldIn(page)).tones;

    inbox().gateway.meta.owner.write(ada, 'Typed on the phone');
    await refreshed(page);
    await listed(page, 'Typed on the phone');
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await page.locator('.message').first().waitFor();
    customerWrites('Read as it comes');
    await page.locator('.message', { hasText: 'Read as it comes' }).waitFor();
    await refreshed(page);
    await listed(page, 'Read as it comes');
    expect(await toldIn(page)).toMatchObject({ notifications: [], tones: tonesBefore });
  });

  test('a browser that allows none says so, and the switch stays off', async () => {
    const { page } = await openWith([]);
    await switchOn(page, 'Desktop notifications for new messages');
    await page.getByRole('alert').getByText('The browser').waitFor();
    expect(
      await page
        .getByRole('switch', { name: 'Desktop notifications for new messages' })
        .getAttribute('aria-checked'),
    ).toBe('false');
    customerWrites('Unheard');
    await refreshed(page);
    await listed(page, 'Unheard');
    expect((await toldIn(page)).notifications).toEqual([]);
  });
});
