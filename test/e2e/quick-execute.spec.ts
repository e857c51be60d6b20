import { AxeBuilder } from '@axe-core/playwright';
import { needService } from '../support/services.ts';
import { expect, test } from './console.ts';
import { output, runButton, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

test('types a command, runs it with the keyboard and shows its lines', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo "hello from $((40 + 2))"; echo careful >&2');
  // At once after the last key: what is run is what stands in the editor.
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('hello from 42');
  await expect(output(page)).toContainText('careful');
  await expect(page.getByText('Success').first()).toBeVisible();
  await page.getByRole('link', { name: '#1' }).click();
  await expect(page).toHaveURL(/#\/runs\/1/);
  await expect(output(page)).toContainText('hello from 42');
});

test('runs exactly what was typed, however fast the run is asked for', async ({ console }) => {
  const { page } = console;
  for (const word of ['first', 'second', 'third']) {
    await typeScript(page, `echo the ${word} text is whole`);
    await page.keyboard.press('Control+Enter');
    await expect(output(page)).toContainText(`the ${word} text is whole`);
  }
});

test('makes a field of each parameter and leaves the braces of other tools alone', async ({ console }) => {
  const { page } = console;
  await typeScript(page, "echo 'for {{ who }}'; echo '{{.Names}}'");
  await page.getByLabel('who').fill('Kim');
  await runButton(page).click();
  await expect(output(page)).toContainText('for Kim');
  await expect(output(page)).toContainText('{{.Names}}');
});

test('stops, edits and runs again with the same targets in two clicks', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo started; sleep 300');
  await runButton(page).click();
  await expect(output(page)).toContainText('started');
  await page.getByRole('button', { name: 'Cancel run' }).click();
  await expect(page.getByText('Cancelled').first()).toBeVisible();
  await page.getByRole('button', { name: 'Edit and run again' }).click();
  await typeScript(page, 'echo again');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('again');
});

test('a second press while a start is on its way starts nothing more', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo once; sleep 1');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('once');
  await expect(page.getByText('Success').first()).toBeVisible();
  await page.goto(`${page.url().split('#')[0]}#/runs`);
  await expect(page.getByText('#1', { exact: true })).toBeVisible();
  await expect(page.getByText('#2', { exact: true })).toHaveCount(0);
});

test('brings the last runs back with the arrow key', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo to be remembered');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('to be remembered');
  await typeScript(page, '');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.monaco-editor').first()).toContainText('echo to be remembered');
});

test('shows hostile output without obeying it', async ({ console }) => {
  const { page } = console;
  await typeScript(
    page,
    String.raw`printf '\033]0;owned\007\033]52;c;ZXZpbA==\007\033[2Jstill here \033[31mred\033[0m\n'; printf '<img src=x onerror=alert(1)>\n'`,
  );
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('still here red');
  await expect(output(page)).toContainText('<img src=x onerror=alert(1)>');
  await expect(page).toHaveTitle('Quick execute · Drover');
  expect(console.pageErrors).toEqual([]);
});

test('asks nothing of the outside, whatever is opened', async ({ console }) => {
  const { page, strayRequests } = console;
  await typeScript(page, 'echo quiet');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('quiet');
  for (const place of ['runs', 'runs/1', 'runs/1?tab=plan', 'quick']) {
    await page.goto(`${page.url().split('#')[0]}#/${place}`);
    await expect(page.getByRole('main')).toBeVisible();
  }
  expect(strayRequests).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility violation on any page, ${colorScheme}`, async ({ console, habitat }) => {
    test.skip(habitat === 'desktop', 'the same pages as in the browser');
    const { page } = console;
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await typeScript(page, 'echo readable; echo {{ who }}');
    await page.getByLabel('who').fill('everybody');
    await page.keyboard.press('Control+Enter');
    await runButton(page).click();
    await expect(output(page)).toContainText('readable');
    for (const place of ['quick', 'runs', 'runs/1', 'runs/1?tab=plan']) {
      await page.goto(`${page.url().split('#')[0]}#/${place}`);
      await expect(page.getByRole('main')).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').exclude('.xterm').analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [place, id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
    }
  });
}

test('lets the keyboard out of the editor and runs without a mouse', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo by keyboard alone');
  await page.keyboard.press('Escape');
  const isInEditor = () => page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null);
  await page.keyboard.press('Tab');
  await expect.poll(isInEditor).toBe(false);
  const name = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  for (let press = 0; press < 10 && !(await name()).startsWith('Run on'); press += 1) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(output(page)).toContainText('by keyboard alone');
});
