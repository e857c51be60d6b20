import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { pages } from '../../src-renderer/app/pages.ts';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
// axe opens a page of its own, which a desktop window does not let it.
test.skip(({ habitat }) => habitat === 'desktop', 'the same pages as in the browser');

/** Nobody listens on this port of this machine. */
const nobody = '127.0.0.1:1';

async function violationsOf(page: Page): Promise<string[]> {
  // Fading in is not what is looked at.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
    );
}

/** The page with its first content. */
async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#${path}`);
  await expect(page.getByRole('main').locator('h1, h2').first()).toBeAttached();
}

const dialogs: Record<string, (page: Page) => Promise<void>> = {
  palette: (page) => page.getByRole('button', { name: 'Go to or do anything' }).click(),
  keys: (page) => page.getByRole('button', { name: 'Keyboard keys' }).click(),
  node: (page) => page.getByRole('button', { name: /^Node / }).click(),
  live: (page) => page.getByRole('button', { name: 'Nothing runs' }).click(),
  look: (page) => page.getByRole('button', { name: 'Look', exact: true }).click(),
  user: (page) => page.getByRole('button', { name: /^Signed in as/ }).click(),
};

for (const scheme of ['light', 'dark'] as const) {
  test(`no page has a serious violation in ${scheme}`, async ({ console }) => {
    test.slow();
    const { page, dataDir } = console;
    await drover(dataDir, ['targets', 'add', 'web1', '--address', '127.0.0.1', '--port', '1', '--tag', 'web']);
    await drover(dataDir, ['exec', '-t', 'local', '-w', nobody, '--name', 'mixed', '--', 'echo here; echo there >&2']);
    await drover(dataDir, ['exec', '-t', 'local', '--', 'exit 3']);
    await page.emulateMedia({ colorScheme: scheme });
    await page.reload();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
    const found: Record<string, string[]> = {};
    const look = async (name: string): Promise<void> => {
      const violations = await violationsOf(page);
      if (violations.length > 0) {
        found[name] = violations;
      }
    };
    for (const { key, path } of pages) {
      await open(page, path);
      await look(key);
    }
    await open(page, '/runs/1');
    const tabs = page.getByRole('main').getByRole('tab');
    await expect(tabs.first()).toBeVisible();
    for (const tab of await tabs.all()) {
      await tab.click();
      await look(`run: ${await tab.innerText()}`);
    }
    await open(page, '/no-such-page');
    await look('no such page');
    await open(page, '/runs');
    for (const [name, show] of Object.entries(dialogs)) {
      await show(page);
      await expect(page.getByRole('dialog').or(page.getByRole('menu')).first()).toBeVisible();
      await look(name);
      await page.keyboard.press('Escape');
    }
    expect(found).toEqual({});
  });
}

test('the first Tab offers to skip to the page, and everything in the frame shows that it has the focus', async ({
  console,
}) => {
  const { page } = console;
  await open(page, '/runs');
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: 'Skip to the page' });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await skip.focus();
  const names: string[] = [];
  for (let stop = 0; stop < pages.length + 7; stop += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      return { name: at.ariaLabel ?? at.innerText, shown: outlineStyle !== 'none' && outlineWidth !== '0px' };
    });
    names.push(seen.name);
    expect(seen).toMatchObject({ shown: true });
  }
  expect(names.slice(0, pages.length)).toEqual(
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts(),
  );
});

test('what changes by itself is said: connection, what was done, what has failed', async ({ console }) => {
  const { page } = console;
  await open(page, '/runs');
  await expect(page.getByRole('banner').getByRole('status').filter({ hasText: 'connected' })).toHaveCount(1);
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.resolve() } }),
  );
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Copy the link to this page' }).click();
  await expect(
    page.getByRole('banner').getByRole('status').filter({ hasText: 'Link to this page copied' }),
  ).toHaveCount(1);
});
