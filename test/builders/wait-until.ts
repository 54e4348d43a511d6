/** Outside of tests too, where Vitest's own does not run. @throws Error after ten seconds. */
export async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not come to that within ten seconds.');
}
