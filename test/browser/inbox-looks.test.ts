import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { clippedElements } from '../builders/browser.ts';
import { describeInbox, field } from '../builders/inbox-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeInbox('how the inbox looks', (inbox) => {
  test.each(['light', 'dark'] as const)('axe finds nothing, in %s', async (colorScheme) => {
    // The checker is put into the page, which the page's own policy forbids.
    const page = await inbox().openThread(await inbox().newContext({ colorScheme, bypassCSP: true }));
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
    const page = await inbox().open(await inbox().newContext({ viewport: { width, height: 800 } }));
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
});
