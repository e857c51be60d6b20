import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { JSHandle, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixtureUrl, launchFixture, makeDataDir, type Seen } from './fixture/fixture-app.ts';
import type { Desktop } from './launch.ts';

const dataDir = makeDataDir();
let desktop: Desktop;
let page: Page;
let window: JSHandle<Electron.BrowserWindow>;
const seen = (): Promise<Seen> => desktop.app.evaluate(() => globalThis.doubleSeen);

beforeAll(async () => {
  desktop = await launchFixture({ dataDir: dataDir.path });
  page = desktop.page;
  window = await desktop.app.browserWindow(page);
});
beforeEach(async () => {
  await page.goto('about:blank');
  await page.goto(fixtureUrl);
});
afterAll(async () => {
  await desktop.close();
  dataDir[Symbol.dispose]();
});

test('follows the title of the page', async () => {
  await expect.poll(() => window.evaluate((each) => each.getTitle())).toBe('Fixture page');
  await page.evaluate(() => (document.title = 'Changed'));
  await expect.poll(() => window.evaluate((each) => each.getTitle())).toBe('Changed');
});

test('resizes the page with its window', async () => {
  const size = (): Promise<number[]> => page.evaluate(() => [innerWidth, innerHeight]);
  expect(await size()).toEqual([900, 500]);
  await window.evaluate((each) => each.setBounds({ x: 10, width: 640, height: 480 }));
  await expect.poll(size).toEqual([640, 480]);
  expect(await window.evaluate((each) => each.getBounds())).toEqual({ x: 10, y: 0, width: 640, height: 480 });
  await expect.poll(async () => (await seen()).events).toEqual(expect.arrayContaining(['resize', 'move']));
  await window.evaluate((each) => each.setSize(900, 500));
  await expect.poll(size).toEqual([900, 500]);
});

test('captures the page and runs code in it', async () => {
  const image = await window.evaluate((each) =>
    each.webContents.capturePage().then((taken) => ({ ...taken.getSize(), empty: taken.isEmpty() })),
  );
  expect(image).toEqual({ width: 900, height: 500, empty: false });
  const run = (code: string): Promise<unknown> =>
    window.evaluate((each, text) => each.webContents.executeJavaScript(text), code);
  expect(await run('Promise.resolve([1, document.title])')).toEqual([1, 'Fixture page']);
  await expect(run('throw new Error("from the page")')).rejects.toThrow('from the page');
});

test('rejects loadURL with the net error and keeps the window', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const nobody = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await new Promise((closed) => server.close(closed));
  await expect(window.evaluate((each, url) => each.loadURL(url), nobody)).rejects.toThrow(
    `ERR_CONNECTION_REFUSED (-102) loading '${nobody}'`,
  );
  expect(await window.evaluate((each) => each.webContents.getURL())).toBe(nobody);
  await window.evaluate((each) => each.loadURL('app://fixture/second.html'));
  expect(await page.locator('h1').innerText()).toBe('Second');
});

test('aborts a load that another one overtakes', async () => {
  const outcomes = await window.evaluate((each) => {
    const first = each.loadURL('app://fixture/index.html').catch((error: Error) => error.message);
    const second = each.loadURL('app://fixture/second.html').then(() => 'loaded');
    return Promise.all([first, second]);
  });
  expect(outcomes).toEqual(["ERR_ABORTED (-3) loading 'app://fixture/index.html'", 'loaded']);
  // Playwright hears of it on a connection of its own, perhaps later.
  await page.getByRole('heading', { name: 'Second' }).waitFor();
});

test('shows and hides a window whose close is prevented', async () => {
  const state = (): Promise<boolean[]> =>
    window.evaluate((each) => [each.isVisible(), each.isFocused(), each.isDestroyed()]);
  await desktop.app.evaluate(() => (globalThis.doubleSeen.keepOpen = true));
  await window.evaluate((each) => each.close());
  expect(await state()).toEqual([false, false, false]);
  await window.evaluate((each) => each.show());
  expect(await state()).toEqual([true, true, false]);
  await desktop.app.evaluate(() => (globalThis.doubleSeen.keepOpen = false));
});

test('reports a crashed page and gives it the bridge again after a reload', async () => {
  // Playwright gives a crashed page up for good, so a second window crashes.
  const story = await desktop.app.evaluate(async ({ app, BrowserWindow }) => {
    const preload = `${app.getAppPath()}/preload.cjs`;
    const second = new BrowserWindow({ webPreferences: { preload } });
    const { webContents } = second;
    await second.loadURL('app://fixture/index.html');
    const gone = new Promise<string>((tell) =>
      webContents.once('render-process-gone', (_event, { reason }) => tell(reason)),
    );
    webContents.forcefullyCrashRenderer();
    const reason = await gone;
    const loaded = new Promise<void>((tell) => webContents.once('did-finish-load', () => tell()));
    webContents.reload();
    await loaded;
    const echoed: unknown = await webContents.executeJavaScript('doubleFixture.echo("alive")');
    second.destroy();
    return [reason, echoed];
  });
  expect(story).toEqual(['crashed', 'alive']);
  await expect.poll(() => desktop.app.windows().length).toBe(1);
});

test('fails a dialog that nobody answers, and lets the test answer', async () => {
  await expect(desktop.app.evaluate(({ dialog }) => dialog.showOpenDialog({}))).rejects.toThrow(
    'nobody answers dialog.showOpenDialog',
  );
  const chosen = await desktop.app.evaluate(async ({ dialog }) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: ['/a'] });
    return (await dialog.showOpenDialog({})).filePaths;
  });
  expect(chosen).toEqual(['/a']);
});

test('remembers menu, tray and notifications for the test to use', async () => {
  const found = await desktop.app.evaluate((electron) => {
    const { record } = electron as unknown as {
      record: { trays: { getToolTip(): string }[]; notifications: { title: string }[] };
    };
    electron.Menu.getApplicationMenu()?.getMenuItemById('greet')?.click();
    return {
      greeted: globalThis.doubleSeen.events.includes('greet'),
      trays: record.trays.map((tray) => tray.getToolTip()),
      notifications: record.notifications.map(({ title }) => title),
    };
  });
  expect(found).toEqual({ greeted: true, trays: ['fixture'], notifications: ['Started'] });
});

test('saves a download where will-download says', async () => {
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['saved']));
    link.download = 'report.txt';
    link.click();
  });
  await expect.poll(async () => (await seen()).events).toContain('download completed');
  expect(readFileSync(join(dataDir.path, 'report.txt'), 'utf8')).toBe('saved');
});

test('keeps small desktop services with the names and shapes of the typings', async () => {
  const found = await desktop.app.evaluate(async ({ app, clipboard, nativeTheme, powerSaveBlocker, screen }) => {
    await clipboard.writeText('copied');
    const id = powerSaveBlocker.start('prevent-app-suspension');
    nativeTheme.themeSource = 'dark';
    return [
      await clipboard.readText(),
      powerSaveBlocker.isStarted(id),
      powerSaveBlocker.stop(id),
      nativeTheme.shouldUseDarkColors,
      screen.getPrimaryDisplay().scaleFactor,
      [app.getName(), app.getVersion(), app.isPackaged],
    ];
  });
  expect(found).toEqual(['copied', true, true, true, 1, ['Fixture', '1.2.3', false]]);
});

const uncovered: [string, (electron: typeof Electron.CrossProcessExports) => unknown][] = [
  ['app.relaunch', ({ app }) => app.relaunch()],
  ['BrowserWindow.setVibrancy', ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setVibrancy('menu')],
  ['BrowserWindow.fromBrowserView', (electron) => electron.BrowserWindow.fromBrowserView({} as Electron.BrowserView)],
  ['webContents.printToPDF', ({ webContents }) => webContents.getAllWebContents()[0]?.printToPDF({})],
  ['webRequest.onBeforeRequest', ({ session }) => session.defaultSession.webRequest.onBeforeRequest(null)],
  ['session.fromPartition', ({ session }) => session.fromPartition('other')],
  ['dialog.showMessageBoxSync', ({ dialog }) => dialog.showMessageBoxSync({ message: '' })],
  ['WebContentsView', ({ WebContentsView }) => new WebContentsView()],
  ['utilityProcess.fork', ({ utilityProcess }) => utilityProcess.fork('x')],
];

test.each(uncovered)('throws for %s, which it does not cover', async (name, use) => {
  await expect(desktop.app.evaluate(use)).rejects.toThrow(`electron double: ${name} is not available`);
});

test('exports every name the typings give the main process', async () => {
  const typings = createRequire(import.meta.url).resolve('electron/electron.d.ts');
  const [, main = ''] = /\n {2}namespace Main \{\n(.*?)\n {2}\}\n/s.exec(readFileSync(typings, 'utf8')) ?? [];
  const names = [...main.matchAll(/^ {4}(?:const|class) (\w+)/gm)].map(([, name]) => name);
  expect(names).toContain('BrowserWindow');
  const exported = await desktop.app.evaluate((electron) => Object.keys(electron));
  expect(names.filter((name) => !exported.includes(String(name)))).toEqual([]);
});
