import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ada, describeInbox, field } from '../builders/inbox-page.ts';

describeInbox('the tools of the inbox', (inbox) => {
  test("saved replies are the team's, open by / and know the name", async () => {
    const context = await inbox().newContext();
    const page = await inbox().openThread(context);
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Add a reply' }).click();
    await page.getByLabel('Title').fill('Hours');
    await page.getByLabel(/^Text – /).fill('Hi {name}, we open at nine.');
    await page.getByRole('button', { name: 'Save replies' }).click();
    await page.getByText('Saved for the whole team.').waitFor();
    const other = await inbox().openThread(await inbox().newContext());
    await field(other).pressSequentially('/hou');
    await other.getByRole('option', { name: /^Hours/ }).waitFor();
    await other.keyboard.press('Enter');
    await expect.poll(() => field(other).inputValue()).toBe('Hi Ada, we open at nine.');
  });

  test('two who change the saved replies at once lose nothing of what they typed', async () => {
    const openEditor = async () => {
      const page = await inbox().open(await inbox().newContext());
      await page.getByRole('button', { name: 'Settings', exact: true }).click();
      return page;
    };
    const save = (page: Page) => page.getByRole('button', { name: 'Save replies' }).click();
    const first = await openEditor();
    await first.getByRole('button', { name: 'Add a reply' }).click();
    await first.getByLabel('Title').last().fill('Parcel');
    await first
      .getByLabel(/^Text – /)
      .last()
      .fill('It is on its way.');
    await save(first);
    await first.getByText('Saved for the whole team.').waitFor();
    const second = await openEditor();
    const textIn = (page: Page) => page.getByLabel(/^Text – /).last();
    await expect.poll(() => textIn(second).inputValue()).toBe('It is on its way.');
    await textIn(first).fill('It left today.');
    await save(first);
    await first.getByText('Saved for the whole team.').waitFor();
    await textIn(second).fill('It left yesterday.');
    await save(second);
    await second.getByText('What you typed is kept').waitFor();
    expect(await textIn(second).inputValue()).toBe('It left yesterday.');
    await second.getByText('It left today.').waitFor();
    await second.getByRole('button', { name: 'Take theirs' }).click();
    expect(await textIn(second).inputValue()).toBe('It left today.');
    await save(second);
    await second.getByText('Saved for the whole team.').waitFor();
  });

  test('the form by id keeps the recipient and clears the rest', async () => {
    const page = await inbox().open(await inbox().newContext());
    await page.locator('.row', { hasText: 'Ada' }).hover();
    await page.locator('.row', { hasText: 'Ada' }).getByRole('button', { name: 'Use This ID' }).click();
    const panel = page.getByRole('complementary', { name: 'Send by id' });
    await panel.getByLabel('Message', { exact: true }).fill('By its id');
    await panel.getByRole('button', { name: 'Send message' }).click();
    const shown = await panel.locator('.success code').innerText();
    expect(inbox().gateway.arrived().at(-1)).toMatchObject({ id: shown, text: 'By its id' });
    expect(await panel.getByLabel('Recipient').inputValue()).toBe(ada);
    expect(await panel.getByLabel('Message', { exact: true }).inputValue()).toBe('');
  });

  test('everything is reached by keys', async () => {
    const page = await inbox().open(await inbox().newContext());
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
});
