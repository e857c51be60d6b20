import { AxeBuilder } from '@axe-core/playwright';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';
import { output, runButton, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

/** Nobody listens on this port of this machine. */
const nobody = '127.0.0.1:1';

test('says how many targets a selector stands for, or in words why none', async ({ console, habitat }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['targets', 'add', 'web1', '--address', '127.0.0.1', '--port', '1', '--tag', 'web']);
  await drover(dataDir, ['targets', 'add', 'web2', '--address', '127.0.0.2', '--port', '1', '--tag', 'web']);
  const field = page.getByRole('textbox', { name: 'Targets' });
  await expect(page.getByText('1 target', { exact: true })).toBeVisible();
  await field.fill('tag:web');
  await expect(page.getByText('2 targets', { exact: true })).toHaveAttribute('title', 'web1\nweb2');
  await expect(runButton(page)).toContainText('Run on 2 targets');
  await field.fill('web3');
  await expect(page.getByText(/^No target 'web3'; the nearest names are /)).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(field).toHaveAccessibleDescription(/^No target 'web3'/);
  // axe opens a page of its own, which a desktop window does not let it.
  const { violations } =
    habitat === 'desktop'
      ? { violations: [] }
      : await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await page.getByRole('button', { name: 'This machine', exact: true }).click();
  await expect(field).toHaveValue('local');
  await page.getByRole('button', { name: 'This machine', exact: true }).click();
  await expect(field).toHaveValue('web3');
});

test('writes the name of a saved target by keyboard alone, with the quotes it needs', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['targets', 'add', 'db server 1', '--address', '127.0.0.1', '--port', '1']);
  await drover(dataDir, ['targets', 'add', 'web1', '--address', '127.0.0.1', '--port', '1']);
  const field = page.getByRole('textbox', { name: 'Targets' });
  const find = page.getByRole('textbox', { name: 'Find a saved target' });
  await field.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(find).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(find).toHaveCount(0);
  for (const [typed, found] of [
    ['db', 'db server 1'],
    ['web', 'web1'],
  ] as const) {
    await page.keyboard.press('Enter');
    await expect(find).toBeFocused();
    await page.keyboard.type(typed);
    const list = page.getByRole('list', { name: 'Saved targets' });
    await expect(list.getByRole('button')).toHaveText([new RegExp(found)]);
    await page.keyboard.press('Enter');
    await expect(find).toHaveCount(0);
  }
  await expect(field).toHaveValue('"db server 1",web1');
  await expect(page.getByText('2 targets', { exact: true })).toBeVisible();
  await field.focus();
  await page.keyboard.press('Enter');
  const isInEditor = () => page.evaluate(() => document.activeElement?.closest('.code-editor') !== null);
  expect(await isInEditor()).toBe(true);
});

test('shows why a machine was not reached, and brings a run by address back as such', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', nobody, '--name', 'mixed', '--', 'echo here']);
  const base = page.url().split('#')[0];
  await page.goto(`${base}#/runs/1`);
  await expect(page.getByText('1 of them unreachable')).toBeVisible();
  await page.getByRole('button', { name: new RegExp(`^${nobody}`) }).click();
  await expect(page.getByText('refused the connection').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Copy the message' })).toBeVisible();
  await page.getByRole('tab', { name: 'Parameters & plan' }).click();
  await expect(page.getByText('Machines were named by address')).toBeVisible();
  await page.getByRole('button', { name: 'Edit and run again' }).click();
  await expect(page.getByRole('textbox', { name: 'Targets' })).toHaveValue('local');
  await expect(page.getByRole('textbox', { name: 'Addresses' })).toHaveValue(nobody);
  await expect(runButton(page)).toContainText('Run on 2 targets');
});

test('lights no extent that does not hold, and knows that everything is loaded', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo first on stderr >&2; seq 1 1500; echo last on stderr >&2');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('1500');
  await page.goto(`${page.url().split('#')[0]}#/runs/1`);
  const last = page.getByRole('radio', { name: 'Last 500' });
  await expect(page.getByText('The last 500 lines are shown.')).toBeVisible();
  await page.getByRole('button', { name: 'Jump to start' }).click();
  await expect(last).not.toBeChecked();
  await page.getByRole('radio', { name: 'stderr' }).check({ force: true });
  await page.getByRole('radio', { name: 'Full' }).check({ force: true });
  await expect(output(page)).toContainText('first on stderr');
  await expect(page.getByText('Earlier lines are not loaded.')).toHaveCount(0);
});

test('says who has killed a run', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'trap "" TERM; echo deaf; while :; do sleep 1; done');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('deaf');
  await page.goto(`${page.url().split('#')[0]}#/runs/1`);
  await page.getByRole('button', { name: 'Kill now' }).click();
  await page.getByRole('button', { name: 'Kill run #1' }).click();
  await expect(page.getByText(/^Killed by /)).toBeVisible();
});
