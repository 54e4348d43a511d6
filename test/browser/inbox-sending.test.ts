import { expect, onTestFinished, test } from 'vitest';
import { bubble, describeInbox, field, write } from '../builders/inbox-page.ts';

describeInbox('sending from the inbox', (inbox) => {
  const arrivedTimes = (text: string) =>
    inbox()
      .gateway.arrived()
      .filter((message) => message.text === text).length;

  test('what is written fast arrives in order, each once', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    for (const text of ['first of three', 'second of three', 'third of three']) await write(page, text);
    await bubble(page, 'third of three').waitFor();
    const ours = inbox()
      .gateway.arrived()
      .flatMap(({ text }) => (text?.endsWith('of three') ? [text] : []));
    expect(ours).toEqual(['first of three', 'second of three', 'third of three']);
  });

  test('a long text goes out as the messages that the preview shows', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    await field(page).fill(`${'longer '.repeat(200)}end`);
    await page.getByText('1403 of 1000 bytes · Goes out as 2 messages').waitFor();
    const parts = await page.locator('.split-preview li p').allInnerTexts();
    await page.keyboard.press('Enter');
    await bubble(page, 'end').waitFor();
    expect(
      inbox()
        .gateway.arrived()
        .slice(-2)
        .map(({ text }) => text),
    ).toEqual(parts);
  });

  test('the answer of another person in between is shown first', async () => {
    const context = await inbox().newContext();
    const [jo, sam] = [await inbox().openThread(context), await inbox().openThread(context)];
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
    const context = await inbox().newContext();
    const page = await inbox().openThread(context);
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

  // The last one: a refused token makes the sends after it wait for a new one.
  test('a send that is refused says why, and goes out when it is sent again', async () => {
    const page = await inbox().openThread(await inbox().newContext());
    inbox().gateway.meta.world.faults.set('token_refused', { probability: 1 });
    onTestFinished(() => inbox().gateway.meta.world.faults.set('token_refused', { probability: 0 }));
    await page.route('**/api/send-message', (route) =>
      route.continue({ headers: { ...route.request().headers(), prefer: '' } }),
    );
    await write(page, 'Comes in the end');
    const trouble = page.locator('.trouble', { hasText: 'Comes in the end' });
    await trouble.getByText('Not sent', { exact: true }).waitFor();
    inbox().gateway.meta.world.faults.set('token_refused', { probability: 0 });
    await trouble.getByRole('button', { name: 'Send again' }).click();
    await bubble(page, 'Comes in the end').waitFor();
    expect(arrivedTimes('Comes in the end')).toBe(1);
  });
});
