import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';
import { output, runButton, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

const main = 'main';

test('the palette reaches pages, runs by name or number, and commands, by keyboard alone', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--name', 'nightly backup', '--', 'echo one']);
  const field = page.getByRole('combobox', { name: 'Go to or do' });
  const options = page.getByRole('listbox', { name: 'Go to or do' }).getByRole('option');
  await page.getByRole(main).focus();
  await page.keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await drover(dataDir, ['targets', 'add', 'web1', '--address', '10.9.8.7']);
  await page.keyboard.type('9.8.7');
  await expect(options.filter({ hasText: 'web1' })).toHaveAttribute('aria-selected', 'true');
  await field.fill('bckp');
  await expect(options).toHaveCount(0);
  await field.fill('backup');
  await expect(options.filter({ hasText: '#1 nightly backup' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/runs\/1/);
  await page.getByRole(main).focus();
  await page.keyboard.press('Control+k');
  // What was chosen lately leads.
  await expect(options.first()).toContainText('nightly backup');
  await page.keyboard.type('#1');
  await expect(options.first()).toContainText('#1 nightly backup');
  await field.fill('dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  await page.keyboard.press('Control+k');
  await field.fill('no such thing at all');
  await expect(page.getByText('Nothing fits.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
});

test('the list of keys shows what is bound on the page behind it', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--', 'echo one']);
  await page.getByRole(main).focus();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/#\/runs$/);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard keys' });
  await expect(list.getByRole('region')).toHaveText([/^Runs/, /^In a list/, /^Everywhere/]);
  await expect(list.getByText('Go to Quick execute')).toBeVisible();
  await expect(list.getByText('Tick the row')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await expect(page).toHaveURL(/#\/quick$/);
  await page.getByRole(main).focus();
  await page.keyboard.press('?');
  await expect(list.getByText('Run the script')).toBeVisible();
});

test('rows get more room when somebody asks for it, and keep it after a reload', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--', 'echo one']);
  await page.goto(`${page.url().split('#')[0]}#/runs`);
  const row = page.getByRole('row').nth(1);
  const height = async () => Math.round((await row.boundingBox())?.height ?? 0);
  await expect.poll(height).toBe(32);
  await page.getByRole('button', { name: 'Look', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Comfortable' }).click();
  await expect.poll(height).toBe(40);
  await page.reload();
  await expect.poll(height).toBe(40);
});

test('live runs open from the pill with their progress, and are cancelled there', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo up; sleep 300');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('up');
  await page.getByRole('button', { name: '1 run live' }).click();
  const box = page.getByRole('dialog', { name: 'Live runs' });
  await expect(box.getByText('0 of 1 targets done')).toBeVisible();
  await box.getByRole('button', { name: 'Cancel run #1' }).click();
  await expect(box.getByText('No run is live.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Nothing runs' })).toBeFocused();
});

test('the node says where it is and with whom', async ({ console }) => {
  const { page } = console;
  await page.getByRole('button', { name: /^Node .* connected$/ }).click();
  const facts = page.getByRole('dialog', { name: 'Node' });
  await expect(facts.getByText('none: this node works alone')).toBeVisible();
  await expect(facts.getByText(console.dataDir)).toBeVisible();
});

test('what has failed stays below the page, hides nothing, and goes when it is closed', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--', 'echo one']);
  await page.goto(`${page.url().split('#')[0]}#/runs`);
  // The clipboard is refused as by a browser that does not allow it.
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } }),
  );
  await page.getByRole('button', { name: 'Copy as a command' }).click();
  await page.getByRole('menuitem', { name: 'Copy as CLI' }).click();
  const said = page.getByRole('region', { name: 'What has failed' });
  await expect(said).toContainText('did not allow copying');
  const [note, body] = [await said.boundingBox(), await page.getByRole(main).boundingBox()];
  expect((body?.y ?? 0) + (body?.height ?? 0)).toBeLessThanOrEqual((note?.y ?? 0) + 1);
  await said.getByRole('button', { name: 'Close' }).click();
  await expect(said).toHaveCount(0);
});

test('the list of runs is copied as a command line that lists them', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--name', 'bad one', '--', 'exit 3']);
  await page.goto(`${page.url().split('#')[0]}#/runs?status=failed`);
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', {
      value: { writeText: (text: string) => Promise.resolve(void (document.body.dataset['copied'] = text)) },
    }),
  );
  const copied = () => page.evaluate(() => document.body.dataset['copied']);
  await page.getByRole('button', { name: 'Copy as a command' }).click();
  await page.getByRole('menuitem', { name: 'Copy as CLI' }).click();
  await expect(page.getByText('Command line copied')).toBeVisible();
  const [program, ...words] = (await copied())?.split(' ') ?? [];
  expect(program).toBe('drover');
  expect(await drover(dataDir, words)).toContain('bad one');
  await page.getByRole(main).focus();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Go to or do' }).fill('as curl');
  await page.keyboard.press('Enter');
  await expect.poll(copied).toContain('/api/run.list');
});

test('every page is reached in a narrow window and at 150 % letters', async ({ console, habitat }) => {
  test.skip(habitat === 'desktop', 'a window of the desktop is not narrower than 700 pixels');
  const { page } = console;
  await page.setViewportSize({ width: 480, height: 900 });
  await page.evaluate(() => (document.documentElement.style.fontSize = '24px'));
  const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
  for (const link of await links.all()) {
    await link.click();
    await expect(link).toHaveAttribute('aria-current', 'page');
  }
  for (const name of [/^Node /, 'Nothing runs', 'Go to or do anything', /^Look$/, /^Signed in as/]) {
    await expect(page.getByRole('button', { name })).toBeInViewport({ ratio: 1 });
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(480);
});

test.describe('on a first visit', () => {
  test.use({ tour: true });

  test('four steps lead to a first run, and are offered only until they are done', async ({ console }) => {
    const { page } = console;
    const tour = page.getByRole('region', { name: 'First steps' });
    await expect(tour).toContainText('1 of 4');
    await expect(tour).toBeFocused();
    await tour.getByRole('button', { name: 'Next step' }).click();
    await typeScript(page, 'uptime');
    await tour.getByRole('button', { name: 'Next step' }).click();
    await runButton(page).click();
    await expect(tour).toContainText('4 of 4');
    await tour.getByRole('button', { name: 'See it in Runs' }).click();
    await expect(page).toHaveURL(/#\/runs$/);
    await expect(tour).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole('row').nth(1)).toBeVisible();
    await expect(tour).toHaveCount(0);
    await page.getByRole('button', { name: /^Signed in as/ }).click();
    await page.getByRole('menuitem', { name: 'Show the first steps' }).click();
    await expect(tour).toContainText('1 of 4');
    await tour.getByRole('button', { name: 'Skip the tour' }).click();
    await expect(tour).toHaveCount(0);
  });
});
