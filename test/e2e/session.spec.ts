import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';
import { output, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
test.skip(({ habitat }) => habitat === 'desktop', 'a window of the desktop has no session that could end');

test('a session that ends in mid-run keeps the page, which goes on when another tab signs in', async ({ console }) => {
  const { page, dataDir } = console;
  await typeScript(page, 'for i in $(seq 1 400); do echo "tick $i"; sleep 0.1; done');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('tick 3');
  await page.getByRole('textbox', { name: 'At once' }).fill('17');
  await page.context().clearCookies();
  const gate = page.getByRole('dialog', { name: 'Not signed in' });
  // The next thing that is asked finds out.
  await page.evaluate(() => window.dispatchEvent(new StorageEvent('storage', { key: 'drover-session' })));
  await expect(gate).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  const link = /https?:\/\/\S+/.exec(await drover(dataDir, ['link']))?.[0] ?? '';
  const other = await page.context().newPage();
  await other.goto(link);
  await expect(other.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  await expect(gate).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'At once' })).toHaveValue('17');
  const last = async (): Promise<number> => {
    const ticks = (await output(page).innerText()).match(/tick \d+/g) ?? [];
    return Number(ticks.at(-1)?.slice(5));
  };
  const seen = await last();
  await expect.poll(last).toBeGreaterThan(seen + 3);
  const ticks = ((await output(page).innerText()).match(/tick \d+/g) ?? []).map((tick) => Number(tick.slice(5)));
  expect(ticks).toEqual(Array.from({ length: ticks.length }, (_, index) => (ticks[0] ?? 0) + index));
});

test('signing out ends the session in every tab', async ({ console }) => {
  const { page } = console;
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(`${page.url().split('#')[0]}#/runs`);
  await expect(other.getByRole('heading', { name: 'Runs', exact: true })).toBeVisible();
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Not signed in' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Pages' })).toHaveCount(0);
  await expect(other.getByRole('dialog', { name: 'Not signed in' })).toBeVisible();
});

test('the banner counts down to the next try and goes when the engine is back', async ({ console }) => {
  const { page } = console;
  await page.route('**/api/**', (route) => route.abort());
  await page.evaluate(() => window.dispatchEvent(new StorageEvent('storage', { key: 'drover-session' })));
  const banner = page.getByRole('status').filter({ hasText: 'The connection to the engine is lost.' });
  await expect(banner).toContainText(/Trying again (in \d+ seconds?|now)/);
  await page.unroute('**/api/**');
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(banner).toHaveCount(0);
});
