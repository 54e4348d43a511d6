import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { localClient } from '../../infra/local/local-client.ts';
import { keyId, keyStore } from '../../shared/runtime/keys.ts';
import { describeInbox, field } from '../builders/inbox-page.ts';

describeInbox('signing in and out', (inbox) => {
  test('a link signs in, and leaves no key behind', async () => {
    const page = await inbox().open(await inbox().newContext());
    expect(page.url()).toBe(`${inbox().gateway.url}/`);
    expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain(
      inbox().gateway.apiKey,
    );
  });

  test('a key signs in, a wrong one is told, and signing out ends it', async () => {
    const page = await (await inbox().newContext()).newPage();
    await page.goto(inbox().gateway.url);
    await page.getByLabel('API key').fill('igmg_wrong');
    await page.keyboard.press('Enter');
    await page.getByText('The gateway does not know this key').waitFor();
    await page.getByLabel('API key').fill(inbox().gateway.apiKey);
    await page.keyboard.press('Enter');
    await page.locator('.row-main').first().waitFor();
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.reload();
    await page.getByLabel('API key').waitFor();
    expect(await page.locator('.row-main').count()).toBe(0);
  });

  test('an ended session asks for the key, and the draft is still there', async () => {
    const context = await inbox().newContext();
    const page = await inbox().openThread(context);
    await field(page).fill('Begun before');
    await context.clearCookies();
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('API key').fill(inbox().gateway.apiKey);
    await page.keyboard.press('Enter');
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe('Begun before');
    await field(page).fill('');
  });

  test('a key that is revoked signs out within a minute, and the draft is still there', async () => {
    const { gateway } = inbox();
    const { authorization } = await gateway.keyOf('human');
    const key = authorization?.replace('Bearer ', '') ?? '';
    const page = await (await inbox().newContext()).newPage();
    await page.goto(`${gateway.url}/#key=${key}`);
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await field(page).fill('Begun before');
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(gateway.endpoints.dynamodb)));
    await keyStore(client, gateway.tableName).revoke(keyId(key));
    client.destroy();
    await page.getByText('Your session has ended').waitFor({ timeout: 75_000 });
    expect(await page.locator('.row-main').count()).toBe(0);
    await page.getByLabel('API key').fill(gateway.apiKey);
    await page.keyboard.press('Enter');
    await page.locator('.row-main', { hasText: 'Ada' }).click();
    await expect.poll(() => field(page).inputValue()).toBe('Begun before');
    await field(page).fill('');
  }, 120_000);
});
