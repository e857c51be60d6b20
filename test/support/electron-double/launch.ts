import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

const here = import.meta.dirname;
const root = resolve(here, '../../..');
const launchWaitMs = 60_000;
const quitWaitMs = 45_000;

export type LaunchOptions = {
  /** The app's user data directory; what it holds outlives the app. */
  dataDir: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Folder with the app's package.json; the repository itself when left out. */
  appPath?: string;
  /** Further arguments, such as a `drover://` link. */
  args?: string[];
};

export type Desktop = {
  app: ElectronApplication;
  /** The first window, with its document parsed. */
  page: Page;
  /** What the app's process has written so far, both streams. */
  output: () => string;
  /** Asks the app to quit, and waits until its process has ended; rejects, after killing it, when it does not quit. */
  close: () => Promise<void>;
};

export type DesktopCommand = { executablePath: string; args: string[]; cwd: string; env: Record<string, string> };

/** How to start the desktop app, on the Electron that ELECTRON names or on the double. */
export function desktopCommand({ dataDir, env = {}, appPath = root, args = [] }: LaunchOptions): DesktopCommand {
  // ELECTRON_RUN_AS_NODE would turn a real Electron into Node.
  const inherited = Object.entries(process.env).filter(([name]) => name !== 'ELECTRON_RUN_AS_NODE');
  return {
    executablePath: resolve(process.env['ELECTRON'] ?? join(here, 'bin.mjs')),
    args: [appPath, `--user-data-dir=${dataDir}`, ...args],
    cwd: appPath,
    env: {
      ...Object.fromEntries(inherited.filter((entry): entry is [string, string] => entry[1] !== undefined)),
      ...env,
    },
  };
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | 'late'> {
  const { promise, resolve: end } = Promise.withResolvers<'late'>();
  const timer = setTimeout(end, ms, 'late');
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Launches the desktop app and waits for its first window. Errors carry what the app has written. */
export async function launchDesktop(options: LaunchOptions): Promise<Desktop> {
  const app = await _electron.launch({ ...desktopCommand(options), timeout: launchWaitMs });
  const child = app.process();
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => written.push(text));
  }
  const output = (): string => written.join('');
  const kill = (): void => {
    // Playwright starts the app as the leader of a process group; a window that hangs goes with it.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGKILL');
    }
  };
  const close = async (): Promise<void> => {
    if ((await within(app.close(), quitWaitMs)) === 'late') {
      kill();
      throw new Error(`the desktop app did not quit within ${quitWaitMs} ms:\n${output()}`);
    }
  };
  try {
    const page = await app.firstWindow({ timeout: launchWaitMs });
    await page.waitForURL((url) => url.href !== 'about:blank', {
      waitUntil: 'domcontentloaded',
      timeout: launchWaitMs,
    });
    return { app, page, output, close };
  } catch (error) {
    kill();
    throw new Error(`the desktop app showed no window:\n${output()}`, { cause: error });
  }
}
