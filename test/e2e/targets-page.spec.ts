import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { needService } from '../support/services.ts';
import { TestSshd } from '../support/sshd.ts';
import { drover, expect, test } from './console.ts';
import { output, runButton, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

const rows = (page: Page) => page.getByRole('table', { name: 'Targets' }).getByRole('row');
const names = async (page: Page): Promise<string[]> =>
  page.getByRole('table', { name: 'Targets' }).locator('.target-name').allTextContents();

async function openTargets(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Targets', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Targets', exact: true })).toBeVisible();
}

const add = (dataDir: string, name: string, ...words: string[]): Promise<string> =>
  drover(dataDir, ['targets', 'add', name, '--address', '127.0.0.1', '--port', '1', ...words]);

async function seriousTroubles(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).include('main').analyze();
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}

test('begins with what can be done, and saves pasted addresses after a preview', async ({ console, habitat }) => {
  const { page, pageErrors } = console;
  await openTargets(page);
  await expect(page.getByRole('heading', { name: 'No targets yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Paste or import' }).click();
  const text = page.getByRole('textbox', { name: 'List of targets' });
  await text.fill('[web]\nweb[1:3] ansible_host=127.0.0.1 ansible_user=ada ansible_become=true\nbad ansible_port=x');
  const preview = page.getByRole('table', { name: 'What the import would change' });
  await expect(preview.getByRole('row').filter({ hasText: 'web1' })).toContainText(/New\s*2\s*web1.*ada\s*root/);
  await expect(preview.getByRole('row').filter({ hasText: 'Invalid' })).toContainText('Port x is not a number');
  // Before anything is asked again, while nothing is pale; axe opens a page of its own, which a window does not let it.
  expect(habitat === 'desktop' ? [] : await seriousTroubles(page)).toEqual([]);
  await page.getByRole('textbox', { name: 'Port' }).fill('99999');
  await expect(page.getByText('1 to 65535')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save 3 targets' })).toBeDisabled();
  await page.getByRole('textbox', { name: 'Port' }).fill('1');
  await page.getByRole('button', { name: 'Save 3 targets' }).click();
  await expect(page.getByText('3 targets saved')).toBeVisible();
  await page.getByRole('button', { name: 'Show the new ones' }).click();
  await expect(page.getByRole('searchbox', { name: 'Search targets' })).toHaveValue('name:web1,web2,web3');
  await expect.poll(() => names(page)).toEqual(['web1', 'web2', 'web3']);
  expect(pageErrors).toEqual([]);
});

test('finds by the one grammar, says what it cannot read, and keeps the search in the address', async ({
  console,
  habitat,
}) => {
  const { page, dataDir } = console;
  await add(dataDir, 'web1', '--tag', 'web');
  await add(dataDir, 'web2', '--tag', 'web', '--tag', 'canary');
  await add(dataDir, 'db1', '--maintenance');
  await openTargets(page);
  expect(habitat === 'desktop' ? [] : await seriousTroubles(page)).toEqual([]);
  const search = page.getByRole('searchbox', { name: 'Search targets' });
  await page.keyboard.press('/');
  await expect(search).toBeFocused();
  await search.fill('tag:web !tag:canary');
  await expect.poll(() => names(page)).toEqual(['web1']);
  expect(page.url()).toContain('tag%3Aweb');
  await search.fill('tga:web');
  await expect(search).toHaveAccessibleDescription(/tga.*tag/);
  expect(await names(page)).toEqual(['web1']);
  await search.fill('<b>&"');
  await expect(search).toHaveAttribute('aria-invalid', 'true');
  await search.press('Escape');
  await expect.poll(() => names(page)).toHaveLength(4);
  await page.getByRole('button', { name: 'How to search' }).click();
  await page.getByRole('button', { name: 'maintenance:yes' }).click();
  await expect.poll(() => names(page)).toEqual(['db1']);
  await page.reload();
  await expect.poll(() => names(page)).toEqual(['db1']);
});

test('is walked, ticked and opened by keys alone, and takes the ticked targets to Quick execute', async ({
  console,
}) => {
  const { page, dataDir } = console;
  await add(dataDir, 'a b', '--tag', 'web');
  await add(dataDir, 'web1', '--tag', 'web');
  await page.keyboard.press('Escape');
  await page.locator('body').press('g');
  await page.keyboard.press('t');
  await expect.poll(() => names(page)).toEqual(['a b', 'This machine', 'web1']);
  for (const key of ['j', 'x', 'j', 'j', 'x']) {
    await page.keyboard.press(key);
  }
  await expect(page.getByRole('toolbar', { name: 'Ticked targets' })).toContainText('2 ticked');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'web1' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect.poll(() => names(page)).toHaveLength(3);
  await page.getByRole('checkbox', { name: 'Tick a b' }).check({ force: true });
  await page.getByRole('checkbox', { name: 'Tick web1' }).check({ force: true });
  await page.getByRole('button', { name: 'Run on these' }).click();
  await expect(page.getByRole('textbox', { name: 'Targets' })).toHaveValue('"a b",web1');
  await expect(runButton(page)).toContainText('Run on 2 targets');
});

test('puts many under maintenance, and removes only what was confirmed', async ({ console }) => {
  const { page, dataDir } = console;
  await drover(dataDir, ['targets', 'import', listOf(dataDir, 'w[1-6]'), '--apply']);
  await openTargets(page);
  await page.getByRole('checkbox', { name: 'Tick all rows' }).check({ force: true });
  const bar = page.getByRole('toolbar', { name: 'Ticked targets' });
  await bar.getByRole('button', { name: 'Maintenance' }).click();
  await page.getByRole('menuitem', { name: 'Begin maintenance of 6 targets' }).click();
  await expect(page.getByText('6 targets are under maintenance now').first()).toBeVisible();
  await expect(page.locator('.maintenance')).toHaveCount(6);
  await page.getByRole('button', { name: 'Remove 6' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove 6 targets' });
  await expect(dialog.getByRole('list', { name: 'Targets to remove' }).getByRole('listitem')).toHaveCount(6);
  const remove = dialog.getByRole('button', { name: 'Remove 6 targets' });
  await expect(remove).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Type 6 to confirm' }).fill('6');
  await remove.click();
  await expect.poll(() => names(page)).toEqual(['This machine']);
});

function listOf(dataDir: string, text: string): string {
  const file = join(dataDir, 'list.txt');
  writeFileSync(file, text);
  return file;
}

test('keeps what was typed when somebody else has changed or removed the target', async ({ console }) => {
  const { page, dataDir } = console;
  await add(dataDir, 'web1', '--user', 'ada');
  await openTargets(page);
  await page.getByRole('link', { name: 'web1' }).click();
  await page.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('form', { name: 'Edit web1' });
  await form.getByRole('textbox', { name: 'User', exact: true }).fill('eve');
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('<b>🐑');
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(form.getByText('1 to 128 letters')).toBeVisible();
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('web1');
  await drover(dataDir, ['targets', 'set', 'web1', '--user', 'bob', '--tag', 'theirs']);
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(form.getByText('Somebody else has changed web1')).toBeVisible();
  await expect(form.getByText('User is bob now; yours is kept: eve.')).toBeVisible();
  await expect(form.getByRole('textbox', { name: 'Tags' })).toHaveValue('theirs');
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(page.getByRole('region', { name: 'What is known' })).toContainText('eve');
  await page.getByRole('button', { name: 'Edit' }).click();
  await form.getByRole('textbox', { name: 'Tags' }).fill('mine');
  await drover(dataDir, ['targets', 'rm', 'web1', '--yes']);
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(form.getByText('The target web1 was removed meanwhile')).toBeVisible();
  await form.getByRole('button', { name: 'Save as a new target' }).click();
  await expect(page.getByRole('region', { name: 'What is known' })).toContainText('mine');
});

test('refuses a way that is a circle', async ({ console }) => {
  const { page } = console;
  await openTargets(page);
  await page.keyboard.press('n');
  const form = page.getByRole('form', { name: 'New target' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('web1');
  await form.getByRole('textbox', { name: 'Address', exact: true }).fill('10.0.0.1');
  await form.getByRole('button', { name: 'Add a machine on the way' }).click();
  await form.getByRole('textbox', { name: 'Address of machine 1' }).fill('10.0.0.1');
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(form.getByText('10.0.0.1:22 stands twice on the way')).toBeVisible();
  await form.getByRole('button', { name: 'Remove machine 1 from the way' }).click();
  await form.getByRole('button', { name: 'Save target' }).click();
  await expect(page.getByRole('heading', { name: 'web1' })).toBeVisible();
});

const sshdNeed = needService('sshd');

test.describe('on real machines', () => {
  test.skip(sshdNeed.skip, sshdNeed.reason);

  test('trusts a key, tests, runs, and takes another key only after a look at both', async ({ console }) => {
    await using sshd = await TestSshd.start({});
    const { page, dataDir } = console;
    const { name: user } = sshd.account;
    await drover(dataDir, ['credential', 'add', 'deploy', '--kind', 'key', '-i', sshd.keyFile, '--user', user]);
    const words = ['targets', 'add', 'real', '--address', sshd.address, '--port', String(sshd.port)];
    await drover(dataDir, [...words, '--credential', 'deploy']);
    await openTargets(page);
    await page.getByRole('link', { name: 'real' }).click();
    const tryIt = page.getByRole('button', { name: 'Test connection' });
    await tryIt.click();
    await expect(page.getByText(/^Not reached: host key not trusted, after /)).toBeVisible();
    const keys = page.getByRole('region', { name: 'Host keys' });
    await keys.getByRole('button', { name: 'Trust this key' }).click();
    await expect(keys.getByText('Trusted', { exact: true })).toBeVisible();
    await expect(keys.getByText(sshd.hostKey.fingerprint)).toBeVisible();
    await tryIt.click();
    await expect(page.getByText(/^Reached in /)).toBeVisible();
    await expect(page.getByRole('region', { name: 'What is known' })).toContainText('reached');
    await page.getByRole('button', { name: 'Run on this' }).click();
    await expect(page.getByRole('textbox', { name: 'Targets' })).toHaveValue('real');
    await typeScript(page, 'id -un');
    await page.keyboard.press('Control+Enter');
    await expect(output(page)).toContainText(user);
    const before = sshd.hostKey.fingerprint;
    await sshd.restart({ newHostKey: true });
    await openTargets(page);
    await page.getByRole('link', { name: 'real' }).click();
    await expect(page.getByRole('region', { name: 'Last runs' })).toContainText('id -un');
    await tryIt.click();
    await keys.getByRole('button', { name: 'Replace the trusted key' }).click();
    const dialog = page.getByRole('dialog', { name: /^Trust another key of / });
    await expect(dialog).toContainText(before);
    await expect(dialog).toContainText(sshd.hostKey.fingerprint);
    await dialog.getByRole('button', { name: 'Trust the key shown now' }).click();
    await expect(keys.getByText(before)).toHaveCount(0);
    await tryIt.click();
    await expect(page.getByText(/^Reached in /)).toBeVisible();
  });

  test('tests many at once, with the reasons side by side', async ({ console }) => {
    await using sshd = await TestSshd.start({});
    const { page, dataDir } = console;
    await drover(dataDir, ['targets', 'import', listOf(dataDir, '127.0.0.[1-20]:1'), '--apply']);
    await drover(dataDir, ['targets', 'add', 'real', '--address', sshd.address, '--port', String(sshd.port)]);
    await openTargets(page);
    await expect(rows(page)).not.toHaveCount(1);
    await page.getByRole('checkbox', { name: 'Tick all rows' }).check({ force: true });
    await page.getByRole('button', { name: 'Test 22' }).click();
    const dialog = page.getByRole('dialog', { name: 'Test the connections of 22 targets' });
    await expect(dialog.getByText('All 22 tested')).toBeVisible();
    await expect(dialog.getByText('refused the connection 20')).toBeVisible();
    await dialog.getByText('host key not trusted 1').click();
    const results = dialog.getByRole('table', { name: 'Results of the test' });
    await expect(results.getByRole('row')).toHaveCount(2);
    await expect(results).toContainText('real');
    await expect(dialog.getByRole('button', { name: 'Copy 21 failed' })).toBeVisible();
  });
});
