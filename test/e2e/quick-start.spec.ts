import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright/test';
import { loopbackAddresses, startSshd } from '../support/sshd.ts';
import { needService } from '../support/services.ts';
import { drover, expect, test } from './console.ts';
import { output, runButton, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);
const sshd = needService('sshd');

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Targets' });
const card = (page: Page): Locator => page.getByRole('dialog', { name: /^Run on \d+ targets\?/ });

/** Saves web01, web02, … at a closed port of this machine. */
async function saveTargets(dataDir: string, count: number, tag = 'web'): Promise<void> {
  const names = Array.from({ length: count }, (_, n) => `web${String(n + 1).padStart(2, '0')}`);
  const file = join(dataDir, 'inventory.ini');
  writeFileSync(file, names.map((name) => `${name} ansible_host=127.0.0.1 ansible_port=1\n`).join(''));
  const said = await drover(dataDir, ['targets', 'import', file, '--format', 'ansible-ini', '--tag', tag, '--apply']);
  expect(said).toContain(names.at(-1));
}

/** Of the page and what opens above it; the frame around has a test of its own. */
async function seriousViolations(page: Page): Promise<unknown[]> {
  const builder = new AxeBuilder({ page }).include('main').exclude('.monaco-editor').exclude('.xterm');
  for (const above of ['.dropdown', '.mantine-Modal-content']) {
    if ((await page.locator(above).count()) > 0) {
      builder.include(above);
    }
  }
  const { violations } = await builder.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}

test('goes through a whole run on 24 targets without a mouse, the typed number included', async ({ console }) => {
  const { page, dataDir } = console;
  await saveTargets(dataDir, 24);
  await expect(runButton(page)).toBeVisible();
  for (
    let press = 0;
    press < 60 && !(await field(page).evaluate((own) => own === document.activeElement));
    press += 1
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type('web*');
  await expect(page.getByRole('button', { name: '24 targets', exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('echo nobody hears this');
  await page.keyboard.press('Control+Enter');
  await expect(card(page)).toBeVisible();
  const number = page.getByRole('textbox', { name: 'Type the number of targets, 24' });
  await expect(number).toBeFocused();
  await page.keyboard.type('23');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('That is not the number')).toBeVisible();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('24');
  await page.keyboard.press('Control+Enter');
  await expect(card(page)).toHaveCount(0);
  await expect(page.getByRole('group', { name: 'Result' })).toContainText('24 failed');
  // What a run has seen of its targets is stored within half a second.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await expect(card(page)).toContainText('24 targets were not reached the last time.', { timeout: 1_000 });
  }).toPass();
  await expect(card(page)).toContainText('These are all saved targets of the team.');
  await expect(card(page)).toContainText('1 earlier run of this text');
  await page.keyboard.press('Escape');
  await expect(card(page)).toHaveCount(0);
  expect(await drover(dataDir, ['runs'])).not.toMatch(/^2 /m);
});

test('binds what the card has shown: a selection that changed is refused, told and asked again', async ({
  console,
}) => {
  const { page, dataDir } = console;
  await saveTargets(dataDir, 3);
  await field(page).fill('tag:web');
  await typeScript(page, 'echo bound');
  await runButton(page).click();
  await expect(card(page)).toContainText('web01');
  await drover(dataDir, ['targets', 'rm', 'web02', '--yes']);
  await card(page).getByRole('button', { name: 'Start on 3 targets' }).click();
  const changed = page.getByRole('dialog').getByRole('alert');
  await expect(changed).toContainText('Now 2 targets instead of 3. No longer: web02.');
  expect(await drover(dataDir, ['runs'])).not.toContain('bound');
  await card(page).getByRole('button', { name: 'Start on 2 targets' }).click();
  await expect(page.getByRole('group', { name: 'Result' })).toContainText('2 failed');
  await page.getByRole('button', { name: 'Run again on 2 failed' }).click();
  await expect(page.getByRole('link', { name: '#2' })).toBeVisible();
});

test('offers batches on the card and says them as they will be', async ({ console, habitat }) => {
  const { page, dataDir } = console;
  await saveTargets(dataDir, 30);
  await field(page).fill('tag:web');
  await typeScript(page, 'true');
  await runButton(page).click();
  await expect(card(page)).toContainText('one of 30, 30 at once');
  await card(page).getByRole('button', { name: 'Roll out in 1, 10%, 100%' }).click();
  await expect(card(page)).toContainText('3: 1, 3, 26; 30 at once at most');
  expect(habitat === 'desktop' ? [] : await seriousViolations(page)).toEqual([]);
  await card(page).getByRole('button', { name: 'Back' }).click();
  await expect(page.getByRole('group', { name: 'What differs from a usual start' })).toContainText(
    'batches 1, 10%, 100%',
  );
  await page.getByRole('textbox', { name: 'Batches' }).fill('ten');
  await expect(page.getByText('Such as 10, 10% or 1, 10%, 100%')).toBeVisible();
  await expect(runButton(page)).toBeDisabled();
  await page.getByRole('button', { name: 'Back to the usual options' }).click();
  await expect(runButton(page)).toBeEnabled();
});

test('lists the resolved targets, leaves one out by its name, and tells the words of a selector', async ({
  console,
  habitat,
}) => {
  const { page, dataDir } = console;
  await saveTargets(dataDir, 3);
  await drover(dataDir, ['targets', 'test', 'web02']);
  await field(page).fill('tag:web');
  await expect(page.getByText('1 not reached last time')).toBeVisible();
  await page.getByRole('button', { name: '3 targets', exact: true }).click();
  const list = page.getByRole('list', { name: 'Targets of the next run' });
  await expect(list.getByRole('listitem')).toHaveCount(3);
  await expect(list.getByRole('listitem').filter({ hasText: 'web02' })).toContainText('refused the connection');
  expect(habitat === 'desktop' ? [] : await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Leave out web02' }).click();
  await expect(field(page)).toHaveValue('tag:web !web02');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await field(page).focus();
  await page.keyboard.press('F1');
  await expect(page.getByRole('table', { name: 'How targets are selected' })).toBeVisible();
});

test('ticks saved targets, and goes where the last runs went by one click', async ({ console }) => {
  const { page, dataDir } = console;
  await saveTargets(dataDir, 3);
  await page.getByRole('button', { name: 'Choose a saved target' }).click();
  const box = page.getByRole('dialog', { name: 'Saved targets' });
  await box.getByRole('button', { name: /^web01/ }).click();
  await box.getByRole('button', { name: /^web03/ }).click();
  await expect(field(page)).toHaveValue('web01,web03');
  await box.getByRole('button', { name: /^web01/, pressed: true }).click();
  await expect(field(page)).toHaveValue('web03');
  await page.keyboard.press('Escape');
  await typeScript(page, 'true');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Failed').first()).toBeVisible();
  await field(page).fill('local');
  await page.getByRole('button', { name: 'Recent targets' }).click();
  await page.getByRole('menuitem', { name: /web03/ }).click();
  await expect(field(page)).toHaveValue('web03');
});

test('takes addresses in any habit, and says of each that cannot be read why', async ({ console }) => {
  const { page } = console;
  await field(page).fill('');
  await page.getByRole('button', { name: 'Addresses' }).click();
  const addresses = page.getByRole('textbox', { name: 'Addresses' });
  await addresses.fill('127.0.0.1:1; 127.0.0.[2-3]:1\n10.0.0.999 <img src=x onerror=alert(1)>\nweb1:0');
  const problems = page.getByRole('list', { name: 'Addresses that cannot be read' });
  await expect(problems).toContainText("Line 2: '10.0.0.999' cannot be taken");
  await expect(problems).toContainText("Line 3: 'web1:0' cannot be taken");
  await expect(runButton(page)).toHaveCount(0);
});

test('takes 5 000 pasted addresses, and runs on one', async ({ console }) => {
  const { page } = console;
  await field(page).fill('');
  await page.getByRole('button', { name: 'Addresses' }).click();
  const addresses = page.getByRole('textbox', { name: 'Addresses' });
  await addresses.fill(Array.from({ length: 5_000 }, (_, n) => `10.${n >> 8}.${n & 255}.1:1`).join(', '));
  await expect(page.getByRole('button', { name: '5000 targets', exact: true })).toBeVisible();
  await addresses.fill('127.0.0.1:1');
  await typeScript(page, 'true');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Failed').first()).toBeVisible();
});

test('keeps the draft over a reload and its secrets nowhere', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo kept');
  await page.getByRole('textbox', { name: 'At once' }).fill('5');
  await page.getByRole('button', { name: /^as stored/ }).click();
  await page.getByLabel('Log in as').fill('ada');
  await page.getByLabel('Password for this run').fill('canary-secret');
  await page.getByLabel('Run as (sudo)').fill('www');
  await page.keyboard.press('Escape');
  const account = page.getByRole('button', { name: /^ada → www/ });
  await expect(account).toContainText('with a secret');
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
  );
  expect(kept).not.toContain('canary');
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'At once' })).toHaveValue('5');
  await expect(account).not.toContainText('with a secret');
  await expect(page.locator('.monaco-editor').first()).toContainText('echo kept');
});

test('loads a dropped file as the script, in the language of its first line, and asks before it replaces text', async ({
  console,
}) => {
  const { page } = console;
  await expect(page.locator('.monaco-editor').first()).toBeVisible();
  const drop = async (name: string, content: string): Promise<void> => {
    const data = await page.evaluateHandle(
      ([file, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text ?? ''], file ?? ''));
        return transfer;
      },
      [name, content],
    );
    await page.locator('.monaco-editor').first().dispatchEvent('drop', { dataTransfer: data });
  };
  await drop('check', '#!/usr/bin/env python3\nprint("dropped " + str(40 + 2))\n');
  await expect(page.getByRole('tab', { name: 'Python' })).toHaveAttribute('aria-selected', 'true');
  await drop('other.sh', 'echo other');
  await page.getByRole('button', { name: 'Keep the text' }).click();
  await runButton(page).click();
  await expect(output(page)).toContainText('dropped 42');
  await drop('other.sh', 'echo other file');
  await page.getByRole('button', { name: 'Replace it' }).click();
  await expect(page.getByRole('tab', { name: 'Shell', exact: true })).toHaveAttribute('aria-selected', 'true');
  await drop('image.png', '\0binary');
  await expect(page.getByText('image.png was not loaded: it is no text in UTF-8.')).toBeVisible();
});

test('begins with a harmless script of each language that runs here by one click', async ({ console }) => {
  const { page } = console;
  const first = page.getByRole('region', { name: 'A script to begin with' });
  await expect(first).toContainText('uptime');
  await page.getByRole('tab', { name: 'Python' }).click();
  await expect(first).toContainText('import platform');
  await first.getByRole('button', { name: 'Try it on this machine' }).click();
  await expect(output(page)).toContainText('Python 3');
  await expect(first).toHaveCount(0);
});

test('asks once about all new host keys and runs on exactly those targets again', async ({ console, habitat }) => {
  test.skip(sshd.skip, sshd.reason);
  const { page } = console;
  await using server = await startSshd({ addresses: loopbackAddresses(2) });
  await field(page).fill('');
  await page.getByRole('button', { name: 'Addresses' }).click();
  const places = server.addresses.map((address) => `${address}:${server.port}`).join('\n');
  await page.getByRole('textbox', { name: 'Addresses' }).fill(places);
  await page.getByRole('button', { name: /^as stored/ }).click();
  const giveKey = async (): Promise<void> => {
    await page.getByLabel('Log in as').fill(server.account.name);
    await page.getByLabel('Private key for this run').fill(server.privateKey);
    await page.keyboard.press('Escape');
  };
  await giveKey();
  await typeScript(page, 'echo trusted now');
  await page.keyboard.press('Control+Enter');
  await expect(card(page)).toContainText(`${server.account.name} by what is given here (2)`);
  await page.keyboard.press('Control+Enter');
  const question = page.getByRole('region', { name: '2 targets showed host keys that nobody has trusted yet.' });
  await expect(question.getByRole('row')).toHaveCount(3);
  await expect(question).toContainText(server.hostKey.fingerprint);
  expect(habitat === 'desktop' ? [] : await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: /secret used up/ }).click();
  await giveKey();
  await question.getByRole('button', { name: /^Trust these 2 keys/ }).click();
  await expect(page.getByRole('link', { name: '#2' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Result' })).toContainText('2 success');
  await expect(question).toHaveCount(0);
});
