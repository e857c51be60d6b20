import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { needService } from '../support/services.ts';
import { TestSshd } from '../support/sshd.ts';
import { type Console, drover, expect, test } from './console.ts';
import { output } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
const sshd = needService('sshd');

const addresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13', '127.0.0.14'];
/** Nobody listens on this port of this machine. */
const nobody = '127.0.0.1:1';

/** A server of its own under several addresses, each of them a saved target. */
async function withHerd(dataDir: string, work: () => Promise<void>): Promise<void> {
  const server = await TestSshd.start({ addresses });
  try {
    for (const [index, address] of addresses.entries()) {
      await drover(dataDir, ['targets', 'add', `web${index + 1}`, '--address', address, '--port', String(server.port)]);
    }
    const login = ['-i', server.keyFile, '-u', server.account.name, '--accept-new-host-keys'];
    await drover(dataDir, ['exec', '-t', 'web*', ...login, '--name', 'herd', '--', script]);
    await work();
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

/** The third address differs in one line, all of them in their own address and in the time. */
const script = [
  'a=$(echo "$SSH_CONNECTION" | cut -d" " -f3)',
  'echo "host $a at 10:00:0$(echo "$a" | cut -d. -f4 | cut -c2)"',
  'echo "kernel 5.15.0-91"',
  'if [ "$a" = 127.0.0.13 ]; then echo "kernel module missing"; exit 3; fi',
  'echo "all modules there"',
].join('; ');

async function openRun(page: Page, no: number, tab = ''): Promise<void> {
  await page.goto(`${page.url().split('#')[0]}#/runs/${no}${tab}`);
}

async function expectNoViolations({ page }: Console, habitat: string): Promise<void> {
  // axe opens a page of its own, which a desktop window does not let it.
  const { violations } =
    habitat === 'desktop'
      ? { violations: [] }
      : await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
}

const groupRows = (page: Page) => page.getByRole('list', { name: 'Targets with the same output' }).locator('> li');

test('folds targets by their output, with masks, and shows the odd one beside the majority', async ({
  console,
  habitat,
}) => {
  test.skip(sshd.skip, sshd.reason);
  const { page, dataDir, pageErrors } = console;
  await withHerd(dataDir, async () => {
    await openRun(page, 1, '?tab=groups');
    await expect(page.getByText('4 different outputs from 4 targets')).toBeVisible();
    await page.getByRole('checkbox', { name: 'Host names' }).check();
    await page.getByRole('checkbox', { name: 'Times' }).check();
    await expect(page.getByText('2 different outputs from 4 targets')).toBeVisible();
    await expect(groupRows(page).first()).toContainText('3 targets');
    await expect(groupRows(page).nth(1)).toContainText('exit 3');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('First lines of web3')).toContainText('kernel module missing');
    await expect(page.getByRole('list', { name: 'Targets of group 2' })).toHaveText(/web3/);
    await expectNoViolations(console, habitat);
    await page.keyboard.press('d');
    await expect(page.getByRole('combobox', { name: 'Left target' })).toHaveValue('web1 · group 1');
    await expect(page.getByRole('combobox', { name: 'Right target' })).toHaveValue('web3 · group 2');
    await expect(page.getByText(/^[12] differences?$/)).toBeVisible();
    await expect(page.locator('.modified-in-monaco-diff-editor, .monaco-diff-editor .modified').first()).toContainText(
      'module',
    );
    await expectNoViolations(console, habitat);
    await page.getByRole('button', { name: 'Next difference' }).click();
    await page.getByRole('combobox', { name: 'Right target' }).fill('web2');
    await page.getByRole('option', { name: 'web2 · group 1' }).click();
    await expect(page.getByText('1 difference', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Next difference' }).focus();
    await page.keyboard.press('Escape');
    await expect(groupRows(page)).toHaveCount(2);
    expect(pageErrors).toEqual([]);
  });
});

test('counts apart who was never reached, and says when there is nothing to compare', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['exec', '-t', 'local', '-w', nobody, '--', 'echo "<b>one</b>"; echo two >&2']);
  await openRun(page, 1);
  await page.getByRole('tab', { name: 'Groups' }).click();
  await expect(page.getByText('1 output from 1 target')).toBeVisible();
  await expect(page.getByText('1 never reached')).toBeVisible();
  await expect(groupRows(page)).toContainText(['<b>one</b>']);
  await page.keyboard.press('j');
  await page.keyboard.press('d');
  await expect(page.getByText('All outputs are the same; there is nothing to compare.')).toBeVisible();
  await drover(dataDir, ['exec', '-w', nobody, '--', 'true']);
  await openRun(page, 2, '?tab=groups');
  await expect(page.getByText('No output to compare')).toBeVisible();
});

const search = (page: Page) => page.getByRole('textbox', { name: 'Search in the output' });
const place = (page: Page) => page.locator('.output-matches');

test('finds what stands far before the loaded lines, and walks there', async ({ console, habitat }) => {
  const { page, dataDir, pageErrors } = console;
  const many = 'seq 1 200000 | sed "s/^.*777\\$/needle &/"';
  await drover(dataDir, ['exec', '-t', 'local', '-w', nobody, '--', many]);
  await openRun(page, 1);
  await expect(output(page)).toContainText('200000');
  await page.keyboard.press('Control+f');
  await search(page).fill('NEEDLE');
  await expect(place(page)).toHaveText('200 of 200 lines in 1 target');
  await expect(page.getByRole('button', { name: /This machine/ })).toContainText('200');
  await page.keyboard.press('Enter');
  await expect(place(page)).toHaveText('1 of 200 lines in 1 target');
  await expect(output(page)).toContainText('needle 777');
  await page.keyboard.press('Enter');
  await expect(output(page)).toContainText('needle 1777');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  await expect(place(page)).toHaveText('200 of 200 lines in 1 target');
  await expect(output(page)).toContainText('needle 199777');
  await expectNoViolations(console, habitat);
  await page.getByRole('button', { name: 'Match case' }).click();
  await expect(place(page)).toHaveText(/^No match in 1\.\d MB$/);
  await page.getByRole('button', { name: 'Regular expression (RE2)' }).click();
  await search(page).fill('^needle 1{2}777$');
  await expect(place(page)).toHaveText('1 line in 1 target');
  await page.keyboard.press('Enter');
  await expect(output(page)).toContainText('needle 11777');
  await search(page).fill('(');
  await expect(page.getByText(/^The expression cannot be used: /)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search(page)).toHaveCount(0);
  // The browser writes down that the engine refused the unfinished expression.
  expect(pageErrors.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
});

test('goes on searching while a run writes', async ({ console }) => {
  const { page, dataDir } = console;
  const go = join(dataDir, 'go');
  void drover(dataDir, [
    'exec',
    '-t',
    'local',
    '--',
    `echo hit 1; until [ -e '${go}' ]; do sleep 0.1; done; echo hit 2; sleep 60`,
  ]);
  await expect(page.getByRole('button', { name: '1 run live' })).toBeVisible();
  await openRun(page, 1);
  await expect(output(page)).toContainText('hit 1');
  await page.keyboard.press('Control+f');
  await search(page).fill('hit');
  await expect(place(page)).toHaveText('1 of 1 line');
  writeFileSync(go, '');
  await expect(place(page)).toHaveText('1 of 2 lines');
  await drover(dataDir, ['cancel', '1']);
  await expect(page.getByRole('button', { name: 'Nothing runs' })).toBeVisible();
});
