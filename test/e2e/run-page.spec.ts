import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';
import { output, runButton } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

/** Nobody listens on this port of these machines. */
const closed = '127.0.0.[1-3]:1';

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

async function open(page: Page, no: number, rest = ''): Promise<void> {
  // The link that signs in has to be used up first.
  await expect(runButton(page)).toBeVisible();
  await page.goto(`${page.url().split('#')[0]}#/runs/${no}${rest}`);
}

test('shows progress target by target, and leads from a cell to its output by pointer and by keys', async ({
  console,
}) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--name', 'mixed', '--', 'echo here']);
  await open(page, 1);
  const strip = page.getByRole('listbox', { name: 'Progress, target by target' });
  await expect(strip.getByRole('option')).toHaveCount(4);
  await expect(page.getByText('4 of 4 done')).toBeVisible();
  await expect(strip.getByRole('option', { name: 'This machine: Success' })).toBeVisible();
  await strip.getByRole('option', { name: '127.0.0.2:1: Failed' }).click();
  await expect(page).toHaveURL(/host=2/);
  await expect(page.getByText('refused the connection').first()).toBeVisible();
  await strip.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/host=0/);
  await expect(output(page)).toContainText('here');
});

test('can be used by everybody on each of its tabs', async ({ console, habitat }) => {
  // axe opens a page of its own, which a desktop window does not let it.
  test.skip(habitat === 'desktop');
  test.setTimeout(180_000);
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'echo here']);
  await open(page, 1);
  for (const name of ['Output', 'Targets', 'Timeline', 'Parameters & plan']) {
    await tab(page, name).click();
    await expect(page.getByRole('tabpanel', { name })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).exclude('.xterm').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  }
});

test('lists all targets, narrowed by state, reason and words, by keys alone, and loses no place', async ({
  console,
}) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'exit 3']);
  await open(page, 1, '?tab=targets');
  const table = page.getByRole('table', { name: 'Targets of the run' });
  await expect(table.getByRole('row')).toHaveCount(5);
  const states = page.getByRole('group', { name: 'By state' });
  await expect(states.getByRole('button', { name: /^Failed/ })).toHaveText(/4/);
  await page.getByRole('button', { name: /^refused the connection/ }).click();
  await expect(page).toHaveURL(/reason=refused-connection/);
  await expect(table.getByRole('row')).toHaveCount(4);
  await page.keyboard.press('/');
  await expect(page.getByRole('textbox', { name: 'Search these targets' })).toBeFocused();
  await page.keyboard.type('0.0.3');
  await expect(table.getByRole('row')).toHaveCount(2);
  await page.keyboard.type('nonsense');
  await expect(page.getByText(/^No target fits/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(table.getByRole('row')).toHaveCount(4);
  await page.getByRole('checkbox', { name: 'Tick 127.0.0.2:1' }).check();
  await tab(page, 'Timeline').click();
  await tab(page, 'Targets').click();
  await expect(page.getByRole('button', { name: '1 ticked' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Tick 127.0.0.2:1' })).toBeChecked();
  await table.getByText('127.0.0.1:1').first().click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/host=2/);
  await expect(tab(page, 'Output')).toHaveAttribute('aria-selected', 'true');
});

test('runs exactly the ticked targets again', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'true']);
  await open(page, 1, '?tab=targets');
  await page.getByRole('checkbox', { name: 'Tick 127.0.0.1:1' }).check();
  await page.getByRole('checkbox', { name: 'Tick 127.0.0.3:1' }).check();
  await page.getByRole('button', { name: '2 ticked' }).click();
  await page.getByRole('menuitem', { name: 'Run again on these 2 targets' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  await tab(page, 'Targets').click();
  await expect(page.getByRole('table', { name: 'Targets of the run' }).getByRole('row')).toHaveCount(3);
  await expect(row(page, '127.0.0.3:1')).toHaveCount(1);
});

test('fills Quick execute with exactly a set of targets, and says when the set is gone', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'echo again']);
  await open(page, 1, '?tab=targets&state=failed');
  await page.getByRole('button', { name: '3 shown' }).click();
  await page.getByRole('menuitem', { name: 'Open in Quick execute' }).click();
  await expect(runButton(page)).toContainText('Run on 3 targets');
  await page.goto(`${page.url().split('#')[0]}#/quick?from=1&hosts=unknown`);
  await expect(page.getByText(/^The targets chosen in run #1 are no longer known here/)).toBeVisible();
  await expect(runButton(page)).toContainText('Run on 3 targets');
});

test('gives the table of results as CSV, of a set and of all', async ({ console }) => {
  const { page, dataDir, download } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'echo one; echo two']);
  await open(page, 1, '?tab=targets&state=success');
  await page.getByRole('button', { name: '1 shown' }).click();
  const file = await download(() => page.getByRole('menuitem', { name: 'Download CSV' }).click());
  const [head, first, ...rest] = readFileSync(file, 'utf8').split('\r\n');
  expect(head).toBe('run,target,address,status,reason,exit code,started,ended,duration ms,lines,bytes,message');
  expect(first).toMatch(/^1,local,This machine,success,,0,\d{4}-.*Z,\d{4}-.*Z,\d+,2,8,$/);
  expect(rest).toEqual(['']);
  const all = await drover(dataDir, ['show', '1', '--csv']);
  expect(all.split('\r\n').filter((line) => line.includes('refused-connection'))).toHaveLength(3);
});

test('draws targets over the time of the run, with a stop that was asked for, and prints what it draws', async ({
  console,
}) => {
  const { page, dataDir } = console;
  const running = drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'echo up; sleep 60']);
  await open(page, 1, '?tab=timeline');
  const list = page.getByRole('listbox', { name: 'Targets over the time of the run' });
  await expect(list.getByRole('option', { name: /^This machine: In progress, began after .* so far$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await running;
  await expect(page.getByText(/^Stop asked for after /)).toBeVisible();
  await page.getByText('Slowest first').click();
  await list.focus();
  await page.keyboard.press('ArrowDown');
  await expect(
    page.getByRole('status').filter({ hasText: /^This machine: Cancelled, began after .*, took / }),
  ).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(output(page)).toContainText('up');
});

test('shows the batches of a rolling run, in words and in the strip', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-w', '127.0.0.[1-5]:1', '--batch', '1,50%', '--tolerate', '50%', '--', 'true']);
  await open(page, 1, '?tab=plan');
  await expect(page.getByText('1, 50%: 3 batches of 1, 3, 1 targets')).toBeVisible();
  await expect(page.getByText('50%: up to 3 failed targets leave the run a success')).toBeVisible();
  const strip = page.getByRole('listbox', { name: 'Progress, target by target' });
  await expect(strip.getByRole('option', { name: /batch 2 of 3$/ })).toHaveCount(3);
  await expect(page.getByRole('table', { name: 'Frozen plan' }).getByRole('row')).toHaveCount(6);
});

test('says nothing twice about how a run ended', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', closed, '--', 'exit 1']);
  await open(page, 1);
  const head = page.locator('.run-status-line');
  await expect(head).toContainText('Failed');
  await expect(head).not.toContainText('task failed');
});

test('opens a run of 5 000 targets at once, and lets one walk through all of them', async ({ console }) => {
  test.setTimeout(240_000);
  const { page, dataDir } = console;
  await drover(dataDir, [
    'exec', '-w', '127.1.[0-9].[1-250]:9,127.2.[0-9].[1-250]:9', '--concurrency', '1000', '--', 'true',
  ]); // prettier-ignore
  await expect(runButton(page)).toBeVisible();
  await page.goto(`${page.url().split('#')[0]}#/runs`);
  await expect(page.getByText(/127\.1\.0\.1:9 and 4999 more/)).toBeVisible();
  await page.goto(`${page.url().split('#')[0]}#/runs/1?tab=targets`);
  const table = page.getByRole('table', { name: 'Targets of the run' });
  await expect(table).toHaveAttribute('aria-rowcount', '5001');
  const began = Date.now();
  await page.reload();
  await expect(row(page, '127.1.0.1:9').first()).toBeVisible();
  // A generous bound: what it guards against is a page that waits for everything.
  expect(Date.now() - began).toBeLessThan(10_000);
  await expect(page.getByText('5000 of 5000 done')).toBeVisible();
  await page.getByRole('textbox', { name: 'Search these targets' }).fill('127.2.9.250');
  await expect(table).toHaveAttribute('aria-rowcount', '2');
  await page.getByRole('textbox', { name: 'Search these targets' }).fill('');
  await page
    .getByRole('group', { name: 'Progress, target by target' })
    .getByRole('button', { name: /Failed/ })
    .click();
  await expect(page.getByRole('button', { name: 'All 5000 targets' })).toBeVisible();
  await tab(page, 'Timeline').click();
  const list = page.getByRole('listbox', { name: 'Targets over the time of the run' });
  await list.focus();
  await page.keyboard.press('End');
  await expect(list.getByRole('option', { name: /^127\.2\.9\.250:9: Failed/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/host=4999/);
  await page.getByRole('tab', { name: 'Targets', exact: true }).click();
  await page.getByRole('button', { name: 'All 5000 targets' }).click();
  await page.getByRole('menuitem', { name: 'Open in Quick execute' }).click();
  await expect(runButton(page)).toContainText('Run on 5000 targets');
});
