import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { needService } from '../support/services.ts';
import { fillArchive } from '../support/fill-archive.ts';
import { drover, expect, test } from './console.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

const day = 86_400_000;

/** Forty runs, one a week, the last of them a week old. */
function fillYear(dataDir: string): void {
  const until = Date.now() - 7 * day;
  fillArchive(join(dataDir, 'archive.db'), { runs: 40, hosts: 2, outputBytes: 400, from: until - 280 * day, until });
}

test('a run whose output was removed keeps its page, says when and why, and leads to the rules', async ({
  console,
  habitat,
}) => {
  const { page, dataDir } = console;
  fillYear(dataDir);
  // The engine may have begun by itself already.
  await drover(dataDir, ['retention']);
  const base = page.url().split('#')[0];
  await page.goto(`${base}#/runs/2`);
  const notice = page.getByText('The output was removed by policy', { exact: true });
  await expect(notice).toBeVisible();
  await expect(page.getByText(/Output is kept for 180 days\. The record of the run stays\./)).toBeVisible();
  await expect(page.getByText('nothing of it is left')).toBeVisible();
  await expect(page.getByText('Nothing was printed.')).toHaveCount(0);
  await page.getByRole('tab', { name: 'Targets' }).click();
  await expect(page.getByText(/^web-\d{5}/).first()).toBeVisible();
  const { violations } =
    habitat === 'desktop' ? { violations: [] } : await new AxeBuilder({ page }).exclude('.xterm').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.getByRole('link', { name: 'Rules of retention' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Days output is kept' })).toBeFocused();
  await page.goto(`${base}#/runs/40`);
  await expect(page.getByRole('tab', { name: 'Output' })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test('an open page says at once that its output goes', async ({ console }) => {
  const { page, dataDir } = console;
  fillYear(dataDir);
  const base = page.url().split('#')[0];
  await page.goto(`${base}#/runs/1`);
  await expect(page.getByRole('heading', { name: /#1/ })).toBeVisible();
  await drover(dataDir, ['retention']);
  await expect(page.getByText('The output was removed by policy', { exact: true })).toBeVisible();
});

test('settings of retention and copies refuse what is not possible, and say that a copy failed', async ({
  console,
}) => {
  const { page, dataDir } = console;
  const base = page.url().split('#')[0];
  await page.goto(`${base}#/settings/limits`);
  const at = page.getByRole('textbox', { name: 'Copy every day at' });
  await at.fill('25:00');
  await expect(page.getByText('Must be never, or a time of the day such as 02:30')).toBeVisible();
  await at.fill('02:30');
  await page.getByRole('textbox', { name: 'Folder for copies' }).fill('/nowhere/at all');
  await page.getByRole('textbox', { name: 'Days output is kept' }).fill('90');
  await page.getByRole('button', { name: 'Save 3 changes' }).click();
  await expect(page.getByText('Saved; in force now')).toBeVisible();
  expect(await drover(dataDir, ['settings', 'ls', '--changed'])).toMatch(/copies\.folder +\/nowhere\/at all/);
  await drover(dataDir, ['copies', '--now']);
  await page.goto(`${base}#/settings/about`);
  await expect(page.getByText('The archive was not copied')).toBeVisible();
  await expect(page.getByText(/\/nowhere\/at all is not there: make or mount it/)).toBeVisible();
  await drover(dataDir, ['settings', 'set', 'copies.folder', 'default']);
  await drover(dataDir, ['copies', '--now']);
  await page.reload();
  await expect(page.getByText(/The last one .*drover-copy-.*\.zip/)).toBeVisible();
  await expect(page.getByText('The archive was not copied')).toHaveCount(0);
});
