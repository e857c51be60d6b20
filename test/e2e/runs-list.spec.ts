import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

/** Nobody listens on these ports of this machine. */
const [first, second] = ['127.0.0.1:1', '127.0.0.2:1'];

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search runs' });
const row = (page: Page, no: number) => page.getByRole('row').filter({ hasText: new RegExp(`^#${no}\\D`) });

async function openRuns(page: Page): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/runs`);
  await expect(page.getByRole('table', { name: 'Runs, the newest first' })).toBeVisible();
}

test('finds runs by the grammar of all searches, and says in words where it cannot be read', async ({
  console,
  habitat,
}) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--name', 'nightly backup', '--', 'echo good']);
  await drover(dataDir, ['exec', '-w', `${first},${second}`, '--name', 'reach', '--', 'uptime']);
  await drover(dataDir, ['exec', '-t', 'local', '--', 'exit 3']);
  await openRuns(page);
  for (const [text, found] of [
    [`target:"${second}"`, [2]],
    ['status:failed !name:reach', [3]],
    ['name:nightly since:1h', [1]],
    ['text:exit,echo status:failed', [3]],
    ['#1 status:failed', [1]],
    ['status:failed,success by:*', [3, 2, 1]],
    ['until:1h', []],
  ] as const) {
    await search(page).fill(text);
    for (const no of [1, 2, 3]) {
      await expect(row(page, no), `${text} and run ${no}`).toHaveCount(found.some((one) => one === no) ? 1 : 0);
    }
  }
  await expect(page.getByText('No run fits this search')).toBeVisible();
  await search(page).fill('name:reach statsu:failed');
  await expect(search(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(search(page)).toHaveAccessibleDescription(
    /No field 'statsu', the nearest is 'status'.*\(at character 12\)/,
  );
  await page.getByText(/^No field 'statsu'/).click();
  expect(await search(page).evaluate((field) => (field as HTMLInputElement).selectionStart)).toBe(11);
  // axe opens a page of its own, which a desktop window does not let it.
  const { violations } = habitat === 'desktop' ? { violations: [] } : await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await search(page).fill('');
  await page.keyboard.press('F1');
  await page.getByRole('dialog', { name: 'How to search' }).getByRole('button', { name: '#12,#13' }).click();
  await expect(search(page)).toHaveValue('#12,#13');
  await expect(search(page)).toBeFocused();
  await expect(page.getByText('No run fits this search')).toBeVisible();
});

test('walks, ticks and opens by keyboard, and tells what the ticks cover', async ({ console }) => {
  const { page, dataDir } = console;
  for (const name of ['one', 'two', 'three']) {
    await drover(dataDir, ['exec', '-t', 'local', '--name', name, '--', 'true']);
  }
  await openRuns(page);
  const bar = page.getByRole('toolbar', { name: 'Ticked runs' });
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(bar).toContainText('2 runs ticked');
  await expect(bar).not.toContainText('of this filter');
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Tick all rows' }).check({ force: true });
  await expect(bar).toContainText('All 3 runs of this filter are ticked.');
  await bar.getByRole('button', { name: 'Copy numbers' }).click();
  await bar.getByRole('button', { name: 'Untick all' }).click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/runs\/2/);
});

test('cancels and repeats many runs at once, and tells which one was refused and why', async ({ console }) => {
  const { page, dataDir } = console;
  const flag = join(dataDir, 'go');
  await startRuns(dataDir, [`until [ -e '${flag}' ]; do sleep 0.1; done`, 'sleep 300', 'false']);
  await openRuns(page);
  for (const no of [1, 2, 3]) {
    await page.getByRole('checkbox', { name: `Tick run #${no}`, exact: true }).check({ force: true });
  }
  await page.getByRole('button', { name: 'Cancel 2 runs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel 2 runs?' });
  await expect(dialog).toContainText('1 ticked run is left out: #3.');
  writeFileSync(flag, '');
  await expect(row(page, 1)).toContainText('Success');
  await dialog.getByRole('button', { name: 'Cancel 2 runs' }).click();
  await expect(dialog).toContainText('1 run is being cancelled · 1 refused');
  await expect(dialog.getByRole('list', { name: 'What was refused, and why' })).toContainText(/^#1 .*success/);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(row(page, 2)).toContainText('Cancelled');
  await page.getByRole('checkbox', { name: 'Tick all rows' }).check({ force: true });
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.getByRole('menuitem', { name: '1 run on its failed targets' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Start 1 run' }).click();
  await expect(row(page, 4)).toContainText('Failed');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** Starts runs without waiting for their end, in this order. */
async function startRuns(dataDir: string, scripts: readonly string[]): Promise<void> {
  for (const text of scripts) {
    await drover(dataDir, ['exec', '-t', 'local', '--detach', '--', text]);
  }
}

test('keeps filters under names, in this browser and in the address', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '--name', 'keeper', '--', 'true']);
  await openRuns(page);
  await search(page).fill('name:keeper');
  await expect(page).toHaveURL(/text=name%3Akeeper/);
  const menu = page.getByRole('button', { name: 'Saved filters' });
  const box = page.getByRole('dialog', { name: 'Saved filters' });
  await menu.click();
  await box.getByRole('textbox', { name: 'Name of the filter' }).fill('Mine');
  await page.keyboard.press('Enter');
  await box.getByRole('button', { name: 'Rename the filter Mine' }).click();
  await box.getByRole('textbox', { name: 'Name of the filter' }).first().fill('Ours');
  await page.keyboard.press('Enter');
  await expect(box.getByRole('button', { name: 'Show runs of the filter Ours' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(page).toHaveURL(/#\/runs$/);
  await expect(search(page)).toHaveValue('');
  await page.reload();
  await menu.click();
  await box.getByRole('button', { name: 'Show runs of the filter Ours' }).click();
  await expect(search(page)).toHaveValue('name:keeper');
  await menu.click();
  await box.getByRole('button', { name: 'Delete the filter Ours' }).click();
  await expect(box.getByText('No filter is saved in this browser yet.')).toBeVisible();
});

for (const { by, narrow } of [
  { by: 'a search', narrow: (page: Page) => search(page).fill('status:running') },
  { by: 'the choice of a status', narrow: chooseRunning },
]) {
  test(`a row that fits no more by ${by} stays in its place, pale, until the reader asks`, async ({ console }) => {
    const { page, dataDir } = console;
    const flag = join(dataDir, 'go');
    await drover(dataDir, ['exec', '-t', 'local', '--', 'true']);
    await startRuns(dataDir, [`until [ -e '${flag}' ]; do sleep 0.1; done`, 'sleep 300']);
    await openRuns(page);
    await expect(row(page, 3)).toContainText('In progress');
    await narrow(page);
    // The list is that of the filter as soon as the run is gone that has ended before.
    await expect(row(page, 1)).toHaveCount(0);
    await expect(row(page, 2)).toContainText('In progress');
    writeFileSync(flag, '');
    const news = page.getByRole('button', { name: '1 row fits no more' });
    await expect(news).toBeVisible();
    await expect(row(page, 2)).toContainText('Success');
    await expect(row(page, 2)).toHaveClass(/data-faded/);
    await expect(row(page, 3)).not.toHaveClass(/data-faded/);
    await news.click();
    await expect(row(page, 2)).toHaveCount(0);
    await expect(row(page, 3)).toContainText('In progress');
    await expect(news).toHaveCount(0);
    await drover(dataDir, ['cancel', '3', '--kill']);
    await news.click();
    await expect(page.getByText(/^No run fits this (search|filter)$/)).toBeVisible();
  });
}

async function chooseRunning(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Status: Any status' }).click();
  await page
    .getByRole('group', { name: 'Status' })
    .getByRole('checkbox', { name: 'In progress' })
    .check({ force: true });
  await page.keyboard.press('Escape');
}
