import { AxeBuilder } from '@axe-core/playwright';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

test('finds a limit by its words, keeps it, and another window that changed it is seen', async ({
  console,
  habitat,
}) => {
  const { page, dataDir } = console;
  await page.getByRole('button', { name: 'Run on this machine' }).or(page.getByRole('main')).first().waitFor();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'About' })).toBeVisible();
  await expect(page.getByText(dataDir, { exact: true })).toBeVisible();
  // By keyboard alone: the search, the first thing found, a value, Enter.
  await page.keyboard.press('/');
  await page.keyboard.type('queue wait');
  await page
    .getByRole('list', { name: 'Settings that fit' })
    .getByRole('button', { name: /Runs at once/ })
    .press('Enter');
  const field = page.getByRole('textbox', { name: /^Runs at once/ });
  await expect(field).toBeFocused();
  await field.fill('many');
  await expect(page.getByText('Must be 1 to 10000')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save 1 change' })).toBeDisabled();
  await field.fill('50');
  await field.press('Enter');
  await expect(page.getByRole('button', { name: 'Reset Runs at once to 200' })).toBeVisible();
  expect(await drover(dataDir, ['settings', 'ls', '--changed'])).toMatch(/limits\.runsAtOnce +50 +200 +set by/);
  // Somebody else is faster.
  await field.fill('60');
  await drover(dataDir, ['settings', 'set', 'limits.runsAtOnce', '70']);
  await page.getByRole('button', { name: 'Save 1 change' }).click();
  await expect(page.getByText(/runsAtOnce was changed meanwhile by/)).toBeVisible();
  await page.getByRole('button', { name: 'Take 70' }).click();
  await expect(field).toHaveValue('70');
  await page.getByRole('button', { name: 'Reset Runs at once to 200' }).click();
  await expect(field).toHaveValue('200');
  // axe opens a page of its own, which a desktop window does not let it.
  const { violations } = habitat === 'desktop' ? { violations: [] } : await new AxeBuilder({ page }).analyze();
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
});

test('makes, edits and removes credentials without ever showing a secret again', async ({ console }) => {
  const { page, dataDir } = console;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Credentials' }).click();
  await page.getByRole('button', { name: 'New credential' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('router');
  await dialog.getByText('Password', { exact: true }).click();
  const password = dialog.getByLabel('Password', { exact: true }).last();
  await password.fill('correct horse');
  await expect(password).toHaveAttribute('type', 'password');
  await dialog.getByRole('button', { name: 'Create credential' }).click();
  await expect(page.getByRole('row', { name: /router/ })).toContainText('Not used');
  await expect(page.locator('body')).not.toContainText('correct horse');
  expect(await drover(dataDir, ['credential', 'ls'])).toContain('router');
  // A key without its passphrase, or no key at all, is refused with what to do.
  await page.getByRole('button', { name: 'New credential' }).click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('broken');
  await dialog.getByRole('textbox', { name: 'Private key' }).fill('PuTTY-User-Key-File-3: ssh-ed25519\n');
  await dialog.getByRole('button', { name: 'Create credential' }).click();
  await expect(dialog.getByRole('alert')).toContainText('puttygen');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  // One that targets name stays until they have another one.
  await drover(dataDir, ['targets', 'add', 'web1', '--address', '127.0.0.1', '--port', '1', '--credential', 'router']);
  await page.getByRole('link', { name: 'About' }).click();
  await page.getByRole('link', { name: 'Credentials' }).click();
  const actions = page.getByRole('button', { name: 'Actions of credential router' });
  await expect(page.getByRole('row', { name: /router/ })).toContainText('1 target', { timeout: 15_000 });
  await actions.click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(dialog.getByText('web1')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Remove credential router' })).toHaveCount(0);
});

test('shows what the owner may do with the secrets, and what a browser may not', async ({ console, habitat }) => {
  const { page, dataDir } = console;
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Secrets' }).click();
  await expect(page.getByText('Open: stored secrets can be used')).toBeVisible();
  if (habitat === 'browser') {
    await expect(page.getByText('drover unlock --set', { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Set a passphrase' })).toHaveCount(0);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await expect(page.getByRole('row', { name: /This browser/ })).toBeVisible();
    return;
  }
  await page.getByLabel('New passphrase').fill('short');
  await expect(page.getByText('At least 8 characters')).toBeVisible();
  await page.getByLabel('New passphrase').fill('correct horse battery');
  await page.getByLabel('The same again').fill('correct horse batterz');
  await expect(page.getByText('The two are not the same')).toBeVisible();
  await page.getByLabel('The same again').fill('correct horse battery');
  await page.getByRole('button', { name: 'Set a passphrase' }).click();
  await expect(page.getByText('a passphrase', { exact: true })).toBeVisible();
  await expect(page.getByLabel('New passphrase')).toHaveValue('');
  expect(await drover(dataDir, ['unlock', '--set', '--passphrase-file', '/dev/null'])).not.toBe('');
});
