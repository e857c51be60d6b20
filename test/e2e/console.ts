import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, type Browser, chromium, expect, type Page } from 'playwright/test';
import { type Desktop, launchDesktop } from '../support/electron-double/launch.ts';

export { expect };

const root = resolve(import.meta.dirname, '../..');

export type ConsoleOptions = {
  habitat: 'browser' | 'desktop';
  /** Whether the first steps are offered, as on somebody's first visit. */
  tour: boolean;
};

/** A console that stands at its first page, on an engine and a data folder of its own. */
export type Console = {
  readonly page: Page;
  readonly dataDir: string;
  /** Does what starts a download, and gives the file. */
  readonly download: (start: () => Promise<void>) => Promise<string>;
  /** What the page asked for outside its own origin; must stay empty. */
  readonly strayRequests: string[];
  /** What the page's own log held as errors. */
  readonly pageErrors: string[];
};

export const chromiumPath = ['/usr/lib/chromium/chromium', '/usr/bin/chromium'].find((path) => existsSync(path));

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Debian's Chromium without its own traffic. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ ...(chromiumPath && { executablePath: chromiumPath }), args: quiet });
}

/** Starts the built engine with its console on a free port; the link opens one session. */
export async function startServe(
  dataDir: string,
  words: readonly string[] = [],
  program = join(root, 'out/main/cli.js'),
): Promise<{ child: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [program, 'serve', '--data', dataDir, '--listen', '127.0.0.1:0', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    const link = /http:\/\/\S+\/#\/enter\/\S+/.exec(said)?.[0];
    if (link) {
      child.stdout.resume();
      return { child, link };
    }
  }
  throw new Error(`drover serve ended before it printed a link: ${said}`);
}

/** Runs the built command line on a data folder, and gives all it has printed; that it failed is for the test to see. */
export function drover(dataDir: string, words: readonly string[]): Promise<string> {
  // Node warns on stderr when both are set, as they are under Playwright.
  const { FORCE_COLOR: _force, NO_COLOR: _no, ...around } = process.env;
  const env = { ...around, DROVER_DATA: dataDir };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'out/main/cli.js'), ...words], { env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

/** Stops at once, whatever runs. */
export async function stopServe(child: ChildProcess): Promise<void> {
  if (child.exitCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

function watch(page: Page): Pick<Console, 'strayRequests' | 'pageErrors'> {
  const strayRequests: string[] = [];
  const pageErrors: string[] = [];
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    const local = /^(127\.0\.0\.1|localhost|\[::1\]|.*\.localhost)$/.test(hostname);
    if (!['data:', 'blob:', 'app:', 'about:'].includes(protocol) && !local) {
      strayRequests.push(request.url());
    }
  });
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      pageErrors.push(message.text());
    }
  });
  return { strayRequests, pageErrors };
}

function browserDownload(page: Page): Console['download'] {
  return async (start) => {
    const [download] = await Promise.all([page.waitForEvent('download'), start()]);
    return download.path();
  };
}

/** Stands in for the person who answers the dialog that asks where the file goes. */
function desktopDownload({ app }: Desktop, file: string): Console['download'] {
  return async (start) => {
    const saved = app.evaluate(
      ({ session }, path) =>
        new Promise<string>((resolve) => {
          session.defaultSession.once('will-download', (_event, item) => {
            item.setSavePath(path);
            item.once('done', (_done, state) => resolve(state));
          });
        }),
      file,
    );
    await start();
    expect(await saved).toBe('completed');
    return file;
  };
}

type Opened = { readonly console: Console; readonly close: () => Promise<void> };

/** As somebody's second visit: the first steps are offered on an archive without runs, and each test has a new one. */
function skipTour(): void {
  localStorage.setItem('drover-tour', 'known');
}

async function openDesktop(dataDir: string, tour: boolean): Promise<Opened> {
  const desktop = await launchDesktop({ dataDir: join(dataDir, 'window'), env: { DROVER_DATA: dataDir } });
  const { page } = desktop;
  if (!tour) {
    await page.evaluate(skipTour);
    await page.reload();
  }
  const download = desktopDownload(desktop, join(dataDir, 'download'));
  const close = async (): Promise<void> => {
    // A run that ends a moment after its test would be asked about; whoever is asked says: cancel and quit.
    await desktop.app
      .evaluate(({ dialog }) => {
        dialog.showMessageBox = (...given: unknown[]) => {
          const { buttons = [] } = given.at(-1) as Electron.MessageBoxOptions;
          return Promise.resolve({
            response: buttons.findIndex((text) => text.startsWith('Cancel')),
            checkboxChecked: false,
          });
        };
      })
      .catch(() => undefined);
    await desktop.close();
  };
  return { console: { page, dataDir, download, ...watch(page) }, close };
}

async function openBrowser(dataDir: string, tour: boolean, browser: Browser): Promise<Opened> {
  const { child, link } = await startServe(dataDir);
  try {
    const context = await browser.newContext({ acceptDownloads: true });
    if (!tour) {
      await context.addInitScript(skipTour);
    }
    const page = await context.newPage();
    const seen = watch(page);
    await page.goto(link);
    // The link is exchanged before anything else is asked for.
    await page.waitForURL(/#\/(?!enter)/);
    await expect(page.locator('.gate')).toHaveCount(0);
    const close = async (): Promise<void> => {
      await Promise.allSettled([context.close(), stopServe(child)]);
    };
    return { console: { page, dataDir, download: browserDownload(page), ...seen }, close };
  } catch (error) {
    await stopServe(child);
    throw error;
  }
}

/** One Chromium for all tests of a worker, started by the first that needs it; each test has a context of its own. */
type Shared = { readonly chromium: () => Promise<Browser> };

export const test = base.extend<ConsoleOptions & { console: Console }, { shared: Shared }>({
  shared: [
    // Playwright reads what a fixture needs from its first parameter.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      let browser: Promise<Browser> | undefined;
      await use({ chromium: () => (browser ??= launchChromium()) });
      await (await browser)?.close();
    },
    { scope: 'worker' },
  ],
  habitat: ['browser', { option: true }],
  tour: [false, { option: true }],
  console: async ({ habitat, tour, shared }, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'drover-e2e-'));
    try {
      const { console: opened, close } =
        habitat === 'desktop'
          ? await openDesktop(dataDir, tour)
          : await openBrowser(dataDir, tour, await shared.chromium());
      try {
        await use(opened);
      } finally {
        await close();
      }
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
});
