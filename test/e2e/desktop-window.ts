import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import { _electron, type ElectronApplication, type Page } from 'playwright/test';
import { type Desktop, desktopCommand, launchDesktop } from '../support/electron-double/launch.ts';
import { drover } from './console.ts';

/** What the double remembers of the desktop; a real Electron has no such thing. */
type Double = {
  readonly record: {
    /** A tray has its menu a moment after itself. */
    readonly trays: { getToolTip(): string; getContextMenu(): Electron.Menu | undefined }[];
    readonly notifications: (Electron.Notification & { title: string; body: string })[];
    readonly opened: string[];
  };
};

/** The desktop application on a data folder of its own, with what a person would do to it from outside its pages. */
export class DesktopWindow {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'drover-desktop-'));
  #desktop: Desktop | undefined;
  #app: ElectronApplication | undefined;
  /** Kept, because Playwright forgets a program that has ended. */
  #child: ChildProcess | undefined;

  get app(): ElectronApplication {
    if (!this.#app) {
      throw new Error('the desktop application was not started');
    }
    return this.#app;
  }

  get page(): Page {
    if (!this.#desktop) {
      throw new Error('the desktop application has no window');
    }
    return this.#desktop.page;
  }

  #options(args: string[]) {
    return { dataDir: join(this.dataDir, 'window'), env: { DROVER_DATA: this.dataDir }, args };
  }

  async open(...args: string[]): Promise<void> {
    this.#desktop = await launchDesktop(this.#options(args));
    this.#app = this.#desktop.app;
    this.#child = this.#app.process();
  }

  /** Starts it where no window is to come. */
  async openHidden(): Promise<void> {
    this.#app = await _electron.launch(desktopCommand(this.#options(['--hidden'])));
    this.#child = this.#app.process();
  }

  /** Starts it once more, as a desktop does for a link; resolves when that start has ended. */
  async startAgain(...args: string[]): Promise<void> {
    const { executablePath, args: all, cwd, env } = desktopCommand(this.#options(args));
    const again = execFile(executablePath, all, { cwd, env });
    await once(again, 'exit');
  }

  /** What the window's menu is told. */
  async choose(label: string): Promise<void> {
    await this.app.evaluate(({ Menu }, wanted) => {
      const find = (items: Electron.MenuItem[]): Electron.MenuItem | undefined =>
        items
          .map((item) => (item.label === wanted ? item : item.submenu && find(item.submenu.items)))
          .find((item) => item !== undefined);
      const item = find(Menu.getApplicationMenu()?.items ?? []);
      if (!item) {
        throw new Error(`the menu has no ${wanted}`);
      }
      item.click();
    }, label);
  }

  /** A person's answer to the next questions: the place of the button. Gives what was asked, when it is asked for. */
  async answer(response: number): Promise<() => Promise<MessageBoxOptions | undefined>> {
    await this.app.evaluate(({ dialog }, button) => {
      const kept = globalThis as { asked?: unknown };
      delete kept.asked;
      dialog.showMessageBox = (async (...given: unknown[]) => {
        kept.asked = given.at(-1);
        return { response: button, checkboxChecked: false };
      }) as typeof dialog.showMessageBox;
    }, response);
    return () => this.app.evaluate(() => (globalThis as { asked?: MessageBoxOptions }).asked);
  }

  async quit(): Promise<void> {
    await this.app.evaluate(({ app }) => app.quit());
  }

  window(): Promise<{ visible: boolean; title: string; url: string; progress: number; count: number } | undefined> {
    return this.app.evaluate(({ BrowserWindow: Windows }) => {
      const all = Windows.getAllWindows();
      const [window] = all as (BrowserWindow & { getProgressBar(): number })[];
      return (
        window && {
          visible: window.isVisible(),
          title: window.getTitle(),
          url: window.webContents.getURL(),
          progress: window.getProgressBar(),
          count: all.length,
        }
      );
    });
  }

  tray(): Promise<{ tip: string; labels: string[] } | undefined> {
    return this.app.evaluate((electron) => {
      const [tray] = (electron as unknown as Double).record.trays;
      return (
        tray && {
          tip: tray.getToolTip(),
          labels: (tray.getContextMenu()?.items ?? [])
            .filter(({ type }) => type !== 'separator')
            .map(({ label }) => label),
        }
      );
    });
  }

  async chooseInTray(label: string): Promise<void> {
    await this.app.evaluate((electron, wanted) => {
      const item = (electron as unknown as Double).record.trays[0]
        ?.getContextMenu()
        ?.items.find((one) => one.label.startsWith(wanted));
      if (!item) {
        throw new Error(`the tray has no ${wanted}`);
      }
      item.click();
    }, label);
  }

  notifications(): Promise<{ title: string; body: string }[]> {
    return this.app.evaluate((electron) =>
      (electron as unknown as Double).record.notifications.map(({ title, body }) => ({ title, body })),
    );
  }

  async clickNotification(place: number): Promise<void> {
    await this.app.evaluate(
      (electron, at) => void (electron as unknown as Double).record.notifications[at]?.emit('click', {}),
      place,
    );
  }

  opened(): Promise<string[]> {
    return this.app.evaluate((electron) => [...(electron as unknown as Double).record.opened]);
  }

  /** The exit code, once the program has ended. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      await once(child, 'exit');
    }
    return child?.exitCode ?? null;
  }

  /** Runs the built command line on the same data folder. */
  drover(...words: string[]): Promise<string> {
    return drover(this.dataDir, words);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      // Playwright starts the program as the leader of a group of its own.
      process.kill(-child.pid, 'SIGKILL');
      await gone;
    }
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
