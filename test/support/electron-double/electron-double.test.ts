import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixtureUrl, launchFixture, makeDataDir, type Seen } from './fixture/fixture-app.ts';
import type { Desktop } from './launch.ts';

const dataDir = makeDataDir();
let desktop: Desktop;
let page: Page;
const seen = (): Promise<Seen> => desktop.app.evaluate(() => globalThis.doubleSeen);

beforeAll(async () => {
  desktop = await launchFixture({ dataDir: dataDir.path });
  page = desktop.page;
});
beforeEach(async () => {
  // The address alone would not load the same document again.
  await page.goto('about:blank');
  await page.goto(fixtureUrl);
});
afterAll(async () => {
  await desktop.close();
  dataDir[Symbol.dispose]();
});

test('carries a click over invoke to a handler and its reply back into the page', async () => {
  await page.getByRole('button', { name: 'Echo' }).click();
  await page.locator('output', { hasText: 'hello from main' }).waitFor();
});

test('pushes events to the page until the listener is taken off', async () => {
  await page.evaluate(() => globalThis.doubleFixture.note('one'));
  await page.locator('#noted', { hasText: 'heard one' }).waitFor();
  const heard = await page.evaluate(async () => {
    const fixture = globalThis.doubleFixture;
    const texts: string[] = [];
    const off = fixture.onNoted((text) => texts.push(text));
    fixture.note('two');
    while (texts.length === 0) {
      await fixture.echo(0);
    }
    off();
    fixture.note('three');
    await fixture.echo(0);
    return texts;
  });
  expect(heard).toEqual(['heard two']);
  await expect.poll(async () => (await seen()).notes).toEqual(['one', 'two', 'three']);
});

test('keeps the order of many messages, and answers all of many invokes at once', async () => {
  const sent = Array.from({ length: 200 }, (_item, index) => `message ${index}`);
  const before = (await seen()).notes.length;
  const echoed = await page.evaluate((texts) => {
    texts.forEach(globalThis.doubleFixture.note);
    return Promise.all(texts.map(globalThis.doubleFixture.echo));
  }, sent);
  expect(echoed).toEqual(sent);
  expect((await seen()).notes.slice(before)).toEqual(sent);
});

test('carries megabytes in one message', async () => {
  const length = await page.evaluate(async () => {
    const echoed = (await globalThis.doubleFixture.echo({ text: 'ä'.repeat(4_000_000) })) as { text: string };
    return echoed.text.length;
  });
  expect(length).toBe(4_000_000);
});

test('shows the page the exposed functions, frozen, and nothing of the preload or of Node', async () => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
    wires: Object.getOwnPropertyNames(globalThis).filter((name) => /electron/i.test(name)),
    frozen: Object.isFrozen(globalThis.doubleFixture),
  }));
  expect(found).toEqual({ node: [], wires: [], frozen: true });
});

test('clones what Electron clones over invoke, cycles included', async () => {
  const back = await page.evaluate(async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const value = {
      when: new Date(5),
      bytes: new Uint8Array([1, 2, 255]),
      map: new Map([['a', 10n]]),
      set: new Set([undefined, -0]),
      error: new RangeError('far'),
      cycle,
    };
    const got = (await globalThis.doubleFixture.echo(value)) as typeof value;
    return [
      got.when instanceof Date && got.when.getTime(),
      [...got.bytes],
      String(got.map.get('a')),
      got.set.has(undefined) && got.set.size,
      got.error instanceof Error && `${got.error.name} ${got.error.message}`,
      (got.cycle.self as { self?: unknown }).self === got.cycle.self,
    ];
  });
  expect(back).toEqual([5, [1, 2, 255], '10', 2, 'RangeError far', true]);
});

test('tells the page of errors in the words of Electron', async () => {
  await expect(page.evaluate(() => globalThis.doubleFixture.fail())).rejects.toThrow(
    "Error: Error invoking remote method 'fail': TypeError: no luck",
  );
  await expect(page.evaluate(() => globalThis.doubleFixture.missing())).rejects.toThrow(
    "Error: Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
  );
  await expect(page.evaluate(() => globalThis.doubleFixture.echo(() => 1))).rejects.toThrow(
    'An object could not be cloned.',
  );
  await expect(page.evaluate(() => globalThis.doubleFixture.uncloneable())).rejects.toThrow(
    'An object could not be cloned.',
  );
});

test('calls functions across the bridge and back within one call', async () => {
  expect(await page.evaluate(() => globalThis.doubleFixture.twice((n) => n * 21))).toEqual([21, 42]);
  await expect(page.evaluate(() => globalThis.doubleFixture.fails())).rejects.toThrow('RangeError: too far');
});

test('names the app scheme wherever the main process looks', async () => {
  expect(await page.evaluate(() => globalThis.doubleFixture.sender())).toEqual({
    url: 'app://fixture/index.html#/start',
    origin: 'app://fixture',
    top: true,
  });
  const window = await desktop.app.browserWindow(page);
  expect(await window.evaluate((each) => each.webContents.getURL())).toBe('app://fixture/index.html#/start');
});

test('gives the protocol handler method, body and origin, and sends the headers the session adds', async () => {
  const answer = await page.evaluate(async () => {
    const response = await fetch('/echo', { method: 'POST', body: 'ping' });
    return { text: await response.text(), policy: response.headers.get('content-security-policy') };
  });
  expect(answer).toEqual({ text: 'POST ping app://fixture', policy: "default-src 'self'" });
  expect(await page.evaluate(async () => (await fetch('/nothing')).status)).toBe(404);
});

test('runs in a secure context under the permissions that the handlers grant', async () => {
  const permissions = await page.evaluate(async () => {
    const names = ['clipboard-write', 'clipboard-read', 'geolocation', 'notifications', 'camera'];
    const query = async (name: string): Promise<string> =>
      (await navigator.permissions.query({ name: name as PermissionName })).state;
    return { secure: isSecureContext, states: await Promise.all(names.map(query)) };
  });
  expect(permissions).toEqual({ secure: true, states: ['granted', 'denied', 'denied', 'denied', 'denied'] });
});

test('asks the app before the page navigates, and only then', async () => {
  const before = (await seen()).navigations.length;
  await page.click('#outside');
  await expect.poll(async () => (await seen()).navigations.slice(before)).toEqual(['https://example.com/outside']);
  expect(await page.locator('h1').innerText()).toBe('Fixture');
  await page.click('#inside');
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Second' }).waitFor();
  expect((await seen()).navigations.slice(before)).toEqual([
    'https://example.com/outside',
    'app://fixture/second.html',
  ]);
});

test('hands new windows to the open handler and never shows one', async () => {
  const before = await desktop.app.evaluate(({ shell }) => {
    shell.openExternal = async (url) => void globalThis.doubleSeen.events.push(url);
    return globalThis.doubleSeen.opened.length;
  });
  expect(await page.evaluate(() => window.open('https://example.com/popup'))).toBeNull();
  await page.click('#aside');
  await page.click('#outside', { modifiers: ['Control'] });
  await expect
    .poll(async () => (await seen()).events.filter((event) => event.startsWith('https:')))
    .toEqual(['https://example.com/popup', 'https://example.com/aside', 'https://example.com/outside']);
  expect((await seen()).opened.slice(before)).toEqual(['foreground-tab', 'foreground-tab', 'background-tab']);
  expect(desktop.app.windows()).toHaveLength(1);
});

test('encrypts and decrypts through the asynchronous safeStorage', async () => {
  expect(await page.evaluate(() => globalThis.doubleFixture.secret('s3cret'))).toEqual({
    available: true,
    hidden: true,
    result: 's3cret',
  });
  await expect(
    desktop.app.evaluate(({ safeStorage }) => safeStorage.decryptStringAsync(Buffer.from('v11 nonsense'))),
  ).rejects.toThrow('Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.');
});
