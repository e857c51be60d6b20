import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { needService } from '../support/services.ts';
import { expect, test } from './console.ts';
import { output, typeScript } from './quick-page.ts';

const chromium = needService('chromium');
test.skip(chromium.skip, chromium.reason);

test('finds a run again by state, number and text', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo good');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('good');
  await typeScript(page, 'echo bad; exit 3');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('bad');
  await expect(page.getByText('Failed').first()).toBeVisible();
  const base = page.url().split('#')[0];
  await page.goto(`${base}#/runs`);
  const list = page.getByRole('main');
  await expect(list.getByText('echo good')).toBeVisible();
  await expect(list.getByText('echo bad; exit 3')).toBeVisible();
  const search = page.getByRole('searchbox', { name: 'Search runs' });
  await search.fill('#1');
  await expect(list.getByText('echo bad; exit 3')).toHaveCount(0);
  await expect(list.getByText('echo good')).toBeVisible();
  await search.fill('bad');
  await expect(list.getByText('echo good')).toHaveCount(0);
  await page.getByText('echo bad; exit 3').click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  await expect(page.getByText(/exit 3/).first()).toBeVisible();
});

test('a run that is followed looks the same when it has ended', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'for i in 1 2 3; do echo "line $i"; sleep 0.3; done');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('link', { name: '#1' }).click();
  await expect(output(page)).toContainText('line 3');
  const live = await output(page).innerText();
  await expect(page.getByText('Success').first()).toBeVisible();
  await page.reload();
  await expect(output(page)).toContainText('line 3');
  expect((await output(page).innerText()).trim()).toBe(live.trim());
});

test('runs again with one click, with a link to the original', async ({ console }) => {
  const { page } = console;
  await typeScript(page, 'echo twice');
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('twice');
  await page.goto(`${page.url().split('#')[0]}#/runs/1`);
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await expect(page).toHaveURL(/#\/runs\/2/);
  await expect(output(page)).toContainText('twice');
  await expect(page.getByRole('link', { name: '#1' })).toBeVisible();
});

test('two pages see the same lines, and a third that comes late sees all of them', async ({ console, habitat }) => {
  test.skip(habitat === 'desktop', 'one window');
  const { page } = console;
  await typeScript(page, 'for i in $(seq 1 20); do echo "tick $i"; sleep 0.1; done');
  await page.keyboard.press('Control+Enter');
  const second = await page.context().newPage();
  await second.goto(`${page.url().split('#')[0]}#/runs/1`);
  await expect(output(second)).toContainText('tick 20');
  await expect(output(page)).toContainText('tick 20');
  const late = await page.context().newPage();
  await late.goto(`${page.url().split('#')[0]}#/runs/1`);
  await expect(output(late)).toContainText('tick 20');
  for (const one of [second, late]) {
    const ticks = (await output(one).innerText()).match(/tick \d+/g);
    expect(ticks).toEqual(Array.from({ length: 20 }, (_, index) => `tick ${index + 1}`));
  }
});

test('downloads the bytes of a stream as they came', async ({ console }) => {
  const { page } = console;
  await typeScript(page, String.raw`printf 'one\r\ntwo\377\n'; echo hidden >&2`);
  await page.keyboard.press('Control+Enter');
  await expect(output(page)).toContainText('one');
  await page.goto(`${page.url().split('#')[0]}#/runs/1`);
  await expect(page.getByRole('tab', { name: 'Parameters & plan' })).toBeVisible();
  await page.getByRole('button', { name: 'Download logs' }).click();
  const path = await console.download(() => page.getByRole('menuitem', { name: /Standard output/i }).click());
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const sent = Buffer.concat([Buffer.from('one\r\ntwo'), Buffer.from([0xff, 0x0a])]);
  expect(hash(readFileSync(path))).toBe(hash(sent));
});
