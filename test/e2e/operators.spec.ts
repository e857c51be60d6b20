import { rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { needService } from '../support/services.ts';
import { TestSshd } from '../support/sshd.ts';
import { drover, expect, test } from './console.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
const sshdNeed = needService('sshd');

/** Nobody listens on this port of these machines. */
const closed = '127.0.0.[1-3]:1';

async function open(page: Page, path: string): Promise<void> {
  await expect(page.getByRole('main').locator('h1, h2').first()).toBeAttached();
  await page.goto(`${page.url().split('#')[0]}#${path}`);
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Go to or do' })).toBeFocused();
}

/** axe opens a page of its own, which a desktop window does not let it. */
async function violations(page: Page, habitat: string): Promise<string[]> {
  if (habitat === 'desktop') {
    return [];
  }
  const found = await new AxeBuilder({ page }).exclude('.xterm').analyze();
  return found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
}

/** A call of the contract, as its owner says it. */
function say(dataDir: string, name: string, input: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  const options = { socketPath: join(dataDir, 'control.sock'), path: `/api/${name}`, method: 'POST', headers };
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      text(answer).then((body) => {
        const { value } = JSON.parse(body) as { value: Record<string, unknown> };
        resolve(value);
      }, reject);
    });
    asked.once('error', reject);
    asked.end(JSON.stringify(input));
  });
}

const untilFlag = (flag: string): string => `until [ -e '${flag}' ]; do sleep 0.1; done`;

test('stops at three levels, each of which says what it will do to how many targets', async ({ console, habitat }) => {
  const { page, dataDir } = console;
  const flag = join(dataDir, 'go');
  const words = ['-t', 'local', '-w', closed, '--concurrency', '1', '--detach', '--', untilFlag(flag)];
  await drover(dataDir, ['exec', ...words]);
  await open(page, '/runs/1');
  await expect(page.getByText('0 of 4 done')).toBeVisible();
  const levels = page.getByRole('button', { name: 'How far to stop' });
  await levels.focus();
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu', { name: 'How far to stop' });
  const halt = menu.getByRole('menuitem', { name: /^Start nothing more/ });
  await expect(halt).toContainText('3 targets that wait are not started. 1 working target comes to its end.');
  await expect(menu.getByRole('menuitem', { name: /^Cancel run/ })).toContainText(
    /^Cancel runAsks 1 working target to stop/,
  );
  await expect(menu.getByRole('menuitem', { name: /^Kill now/ })).toContainText('without a chance to clean up');
  expect(await violations(page, habitat)).toEqual([]);
  await expect(halt).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('begins nothing more')).toBeVisible();
  await expect(page.getByText(/asked that nothing more starts$/)).toBeVisible();
  await expect(page.getByText('3 of 4 done')).toBeVisible();
  await levels.click();
  await expect(halt).toHaveCount(0);
  await page.keyboard.press('Escape');
  expect(await drover(dataDir, ['cancel', '1', '--waiting'])).toContain('The run begins nothing more already');
  writeFileSync(flag, '');
  await expect(page.getByText('Nothing more was begun: 3 not started of 4 targets')).toBeVisible();
  await expect(page.getByRole('main').getByText('Cancelled', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Only the 3 targets not started' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
});

test('starts nothing more from the list of runs, and says on the command line what goes on', async ({ console }) => {
  const { page, dataDir } = console;
  const words = ['-t', 'local', '-w', closed, '--concurrency', '1', '--detach', '--', 'sleep 300'];
  await drover(dataDir, ['exec', ...words]);
  await drover(dataDir, ['exec', ...words]);
  await open(page, '/runs');
  for (const no of [1, 2]) {
    await expect(page.getByRole('row').filter({ hasText: new RegExp(`^#${no}\\D`) })).toContainText('In progress');
  }
  await page.getByRole('button', { name: 'Actions for run #1' }).click();
  await page.getByRole('menuitem', { name: 'Start nothing more' }).click();
  await expect(page.getByRole('row').filter({ hasText: /^#1\D/ })).toContainText('3 of 4');
  expect(await drover(dataDir, ['cancel', '2', '--waiting'])).toBe('#2 ◐ running: 1 at work, 3 not started\n');
  await drover(dataDir, ['cancel', '1']);
  await drover(dataDir, ['cancel', '2', '--kill']);
});

test('tells how long a run should take by those before it, and when it takes longer', async ({ console, habitat }) => {
  const { page, dataDir } = console;
  const flag = join(dataDir, 'wait');
  const words = ['-t', 'local', '--', `while [ -e '${flag}' ]; do sleep 0.1; done`];
  await drover(dataDir, ['exec', ...words]);
  await open(page, '/runs/1');
  const facts = page.getByRole('main').locator('dl').first();
  await expect(facts).toContainText('Duration');
  await expect(facts).not.toContainText('Expected');
  await drover(dataDir, ['exec', ...words]);
  writeFileSync(flag, '');
  await drover(dataDir, ['exec', '--detach', ...words]);
  await open(page, '/runs/3');
  await expect(facts).toContainText(/Expected[\d.]+ m?s/);
  await expect(page.getByTitle('By 2 earlier runs of this text, in the middle')).toBeVisible();
  await expect(facts).toContainText('longer than usual');
  expect(await violations(page, habitat)).toEqual([]);
  rmSync(flag);
  await expect(page.getByRole('status').getByText('Success')).toBeVisible();
  await expect(facts).toContainText('longer than usual');
  await open(page, '/runs/2');
  await expect(page.getByTitle('By 1 earlier run of this text')).toBeVisible();
});

test.describe('on real machines', () => {
  test.skip(sshdNeed.skip, sshdNeed.reason);

  test('asks on the page of a run about the host keys it met, and runs on exactly those targets again', async ({
    console,
    habitat,
  }) => {
    await using first = await TestSshd.start({});
    await using second = await TestSshd.start({});
    const { page, dataDir } = console;
    await drover(dataDir, ['credential', 'add', 'deploy', '--kind', 'key', '-i', first.keyFile]);
    await drover(dataDir, ['credential', 'add', 'other', '--kind', 'key', '-i', second.keyFile]);
    for (const [name, { address, port, account }, credential] of [
      ['one', first, 'deploy'],
      ['two', second, 'other'],
    ] as const) {
      const where = ['--address', address, '--port', String(port), '--user', account.name, '--credential', credential];
      await drover(dataDir, ['targets', 'add', name, ...where]);
    }
    await drover(dataDir, ['exec', '-t', 'local,one', '--', 'echo here']);
    await open(page, '/runs/1');
    const question = page.getByRole('region', { name: '1 target showed a host key that nobody has trusted yet.' });
    await expect(question).toContainText(first.hostKey.fingerprint);
    expect(await violations(page, habitat)).toEqual([]);
    await question.getByRole('button', { name: /^Trust this key/ }).press('Enter');
    await expect(page).toHaveURL(/#\/runs\/2/);
    await expect(page.getByRole('status').getByText('Success')).toBeVisible();
    await expect(question).toHaveCount(0);
    // Whoever comes back to the first one is not asked again.
    await open(page, '/runs/1');
    await expect(page.getByRole('button', { name: 'Run again on this target' })).toBeVisible();
    await drover(dataDir, ['exec', '-t', 'two', '--', 'echo there']);
    await drover(dataDir, ['hostkey', 'accept', '--all', '--yes']);
    await open(page, '/runs/3');
    const since = page.getByRole('region', {
      name: '1 target was refused for its host key, which is trusted by now',
    });
    await since.getByRole('button', { name: 'Run again on this target' }).click();
    await expect(page).toHaveURL(/#\/runs\/4/);
    await expect(page.getByRole('status').getByText('Success')).toBeVisible();
  });
});

test('leads to each setting by its name, and from the person to the browsers that are signed in', async ({
  console,
}) => {
  const { page } = console;
  await open(page, '/runs');
  await openPalette(page);
  await page.keyboard.type('secr');
  const options = page.getByRole('listbox', { name: 'Go to or do' }).getByRole('option');
  await expect(options.filter({ hasText: /^SecretsSettings/ })).toBeVisible();
  await page.keyboard.type('ets');
  await expect(options.first()).toContainText(/^SecretsSettings/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/settings\/secrets/);
  await openPalette(page);
  await page.keyboard.type('runs at once');
  await options.filter({ hasText: /^Runs at onceSettings · Limits/ }).click();
  await expect(page.getByRole('textbox', { name: /^Runs at once/ })).toBeFocused();
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Signed-in browsers' }).click();
  await expect(page.getByRole('heading', { name: 'Sessions' })).toBeVisible();
});

test('shows every package inside with its version and its licence', async ({ console, habitat }) => {
  const { page } = console;
  await open(page, '/settings/about');
  await page.getByRole('link', { name: 'Licences of what is inside' }).click();
  const table = page.getByRole('table', { name: 'Packages inside, with their licences' });
  await expect(table.getByRole('row').nth(3)).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Find a package or a licence' });
  await search.fill('@mantine mit');
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('row').filter({ hasText: '@mantine/core' })).toContainText(/\d+\.\d+\.\d+MIT/);
  expect(await violations(page, habitat)).toEqual([]);
  await search.fill('react-dom');
  await table.getByRole('button', { name: 'react-dom', exact: true }).press('Enter');
  const dialog = page.getByRole('dialog', { name: /^react-dom \d/ });
  await expect(dialog).toContainText('Permission is hereby granted');
  expect(await violations(page, habitat)).toEqual([]);
  await page.keyboard.press('Escape');
  await search.fill('<b>nothing</b>');
  await expect(page.getByText('No package fits.')).toBeVisible();
});

test('names the targets that use a credential, also on the way, and finds them by its name', async ({ console }) => {
  const { page, dataDir } = console;
  const { id } = await say(dataDir, 'credential.create', { name: 'Deploy key', kind: 'agent' });
  const place = { address: '127.0.0.1', port: 1 };
  await say(dataDir, 'target.create', { ...place, name: 'direct', credentialId: id });
  const jump = [{ address: 'bastion.example.com', credentialId: id }];
  await say(dataDir, 'target.create', { ...place, name: 'behind', jump });
  await say(dataDir, 'target.create', { ...place, name: 'apart' });
  await open(page, '/settings/credentials');
  await page.getByRole('button', { name: 'Actions of credential Deploy key' }).click();
  await page.getByRole('menuitem', { name: 'Show its targets' }).click();
  const dialog = page.getByRole('dialog', { name: 'Targets that use Deploy key' });
  const listed = dialog.getByRole('listitem');
  await expect(listed).toHaveCount(2);
  await expect(listed.filter({ hasText: 'direct' })).toContainText('for the login');
  await expect(listed.filter({ hasText: 'behind' })).toContainText('on the way, over bastion.example.com');
  await dialog.getByRole('link', { name: 'behind' }).click();
  await expect(page.getByRole('heading', { name: 'behind' })).toBeVisible();
  await open(page, '/targets?q=credential:"deploy key"');
  await expect(page.getByRole('link', { name: 'direct' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'behind' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'apart' })).toHaveCount(0);
  expect(await drover(dataDir, ['targets', 'ls', 'credential:deploy*'])).toMatch(
    /behind[\s\S]*direct|direct[\s\S]*behind/,
  );
});

test('shows the last run of each target in a column of its own', async ({ console }) => {
  const { page, dataDir } = console;
  await say(dataDir, 'target.create', { name: 'gone', address: '127.0.0.1', port: 1 });
  await say(dataDir, 'target.create', { name: 'never', address: '127.0.0.1', port: 1 });
  await drover(dataDir, ['exec', '-t', 'local', '--', 'true']);
  await drover(dataDir, ['exec', '-t', 'gone', '--', 'true']);
  await open(page, '/targets');
  const row = (name: string) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(row('gone')).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'Last run' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Last run' }).check({ force: true });
  await page.keyboard.press('Escape');
  await expect(row('gone').getByRole('link', { name: '#2' })).toBeVisible();
  await expect(row('gone')).toContainText('Failed');
  await expect(row('This machine').getByRole('link', { name: '#1' })).toBeVisible();
  await expect(row('never').getByRole('link')).toHaveCount(1);
  await drover(dataDir, ['exec', '-t', 'local', '--', 'true']);
  await expect(row('This machine').getByRole('link', { name: '#3' })).toBeVisible();
  await page.getByRole('columnheader', { name: 'Last run' }).getByRole('button').click();
  await row('gone').getByRole('link', { name: '#2' }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
});
