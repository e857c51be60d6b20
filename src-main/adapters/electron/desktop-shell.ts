import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  nativeImage,
  Notification,
  powerMonitor,
  screen,
  shell,
  Tray,
} from 'electron';
import type { DroverClient } from '#contract/client';
import type { Clock, Log } from '#core/ports';
import { type MenuActions, menuTemplate } from './app-menu.ts';
import { Departure } from './departure.ts';
import { linkIn, pageOfLink } from './drover-link.ts';
import { LiveRunWatch } from './live-run-watch.ts';
import { MainWindow } from './main-window.ts';
import { OwnRunEnds } from './own-run-ends.ts';
import { progressOf } from './run-words.ts';
import { TrayIcon } from './tray-icon.ts';
import type { Leaving } from './tray-menu.ts';
import { words } from './words.ts';

type ShellNeeds = {
  readonly client: DroverClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly runs: ConstructorParameters<typeof Departure>[0]['runs'];
  readonly appRoot: string;
  readonly dataDir: string;
  readonly nodeName: string;
  /** Closes the engine; nothing runs any more, or nobody can wait for it. */
  readonly close: () => Promise<void>;
};

const linkScheme = 'drover';
/** How long the end of a session waits for targets that were asked to stop; systems kill after 5 to 90 s. */
const signalGraceMs = 15_000;
const sessionGraceMs = 4_000;
/** The node's trouble, such as a full disk, is asked for this often. */
const troubleEveryMs = 60_000;

/** What stands around the pages on a desktop: window, menu, tray, notifications, and how all of it ends. */
export class DesktopShell {
  readonly #needs: ShellNeeds;
  readonly #window: MainWindow;
  readonly #departure: Departure;
  readonly #watch: LiveRunWatch;
  readonly #ends: OwnRunEnds;
  readonly #tray: TrayIcon;
  #leaving: Leaving = 'no';
  #trouble: string | null = null;
  #stopAsking: () => void = () => undefined;

  constructor(needs: ShellNeeds) {
    const { client, clock, log, runs } = needs;
    this.#needs = needs;
    this.#window = this.#makeWindow();
    this.#departure = new Departure({
      app,
      dialog,
      client,
      clock,
      log,
      runs,
      window: this.#window,
      onLeaving: (leaving) => {
        this.#leaving = leaving;
        this.#show();
        if (leaving === 'waiting') {
          this.#window.command({ do: 'tell', what: 'quits-later' });
        }
      },
      close: async () => {
        this.#watch.close();
        this.#stopAsking();
        this.#tray.close();
        // A feed of the page must not read an archive that is closed.
        this.#window.destroy();
        await needs.close();
      },
    });
    this.#ends = new OwnRunEnds({
      client,
      log,
      notify: (options) => new Notification(options),
      inView: () => this.#window.inView,
      open: (page) => this.#window.show(page),
    });
    this.#tray = this.#makeTray();
    this.#watch = new LiveRunWatch({
      client,
      clock,
      log,
      onChange: () => this.#show(),
      onEnd: this.#ends.onEnd,
    });
  }

  /** To be told of every answer to a call of the window. */
  get onAnswer(): OwnRunEnds['onAnswer'] {
    return this.#ends.onAnswer;
  }

  /** Begins to live in the tray, with a window unless `hidden`. */
  start({ hidden, link }: { hidden: boolean; link: string | undefined }): void {
    this.#setMenu();
    this.#show();
    this.#watch.start();
    this.#askForTrouble();
    app.on('activate', () => this.#window.show());
    app.on('window-all-closed', () => {
      // On macOS a program without windows stays, as its users expect.
      if (process.platform !== 'darwin') {
        app.quit();
      }
    });
    this.#endWithTheSession();
    if (link !== undefined) {
      this.openLink(link);
    } else if (!hidden) {
      this.#window.show();
    }
  }

  /** Opens the page a link names; what is no such link opens the start page, which says so. */
  openLink(link: string): void {
    const page = pageOfLink(link);
    this.#window.show(page ?? '/');
    if (page === undefined) {
      this.#needs.log.warn('a link was refused', { link: link.slice(0, 200) });
      this.#window.command({ do: 'tell', what: 'bad-link' });
    }
  }

  /** Somebody has started Drover once more, perhaps for a link. */
  startedAgain(argv: readonly string[]): void {
    const link = linkIn(argv);
    if (link === undefined) {
      this.#window.show();
    } else {
      this.openLink(link);
    }
  }

  #makeWindow(): MainWindow {
    const { appRoot, log } = this.#needs;
    return new MainWindow({
      screen,
      log,
      create: (options) => new BrowserWindow(options),
      stateFile: join(app.getPath('userData'), 'window.json'),
      preload: join(appRoot, 'out/preload/index.cjs'),
      icon: join(appRoot, 'resources/drover.png'),
      onClose: () => this.#onClose(),
    });
  }

  /** While runs live the window only goes out of sight, and the first time that is said. */
  #onClose(): 'close' | 'hide' {
    const { liveCount } = this.#needs.runs;
    if (this.#departure.isGone || liveCount === 0) {
      return 'close';
    }
    if (this.#window.mustTellOfTray()) {
      new Notification({ title: words.closed.title, body: words.closed.text(liveCount) }).show();
    }
    return 'hide';
  }

  #makeTray(): TrayIcon {
    const isMac = process.platform === 'darwin';
    const image = nativeImage.createFromPath(
      join(this.#needs.appRoot, 'resources', isMac ? 'trayTemplate.png' : 'tray.png'),
    );
    return new TrayIcon({
      tray: new Tray(image),
      build: (template) => Menu.buildFromTemplate(template),
      clock: this.#needs.clock,
      actions: {
        open: (page) => this.#window.show(page),
        stay: () => this.#departure.stay(),
        quit: () => app.quit(),
      },
    });
  }

  #show(): void {
    const { live } = this.#watch;
    this.#window.showProgress(progressOf(live));
    app.setBadgeCount(live.length);
    this.#tray.show({ node: this.#needs.nodeName, live, trouble: this.#trouble, leaving: this.#leaving });
  }

  #askForTrouble(): void {
    const { client, clock, log } = this.#needs;
    client
      .call('node.info', {})
      .then(({ trouble }) => {
        this.#trouble = trouble;
        this.#show();
      })
      .catch((error: unknown) => log.warn('the state of the node could not be asked for', { error }));
    this.#stopAsking = clock.after(troubleEveryMs, () => this.#askForTrouble());
  }

  #setMenu(): void {
    const { platform } = process;
    const linksOn = app.isDefaultProtocolClient(linkScheme, ...this.#linkCommand());
    app.setAboutPanelOptions({ applicationName: words.product, applicationVersion: app.getVersion() });
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(menuTemplate({ platform, packaged: app.isPackaged, linksOn }, this.#menuActions())),
    );
  }

  #menuActions(): MenuActions {
    return {
      open: (page) => this.#window.show(page),
      command: (command) => {
        this.#window.show();
        this.#window.command(command);
      },
      openDataFolder: () => this.#openPath(this.#needs.dataDir),
      openDocs: () => this.#openPath(this.#docs()),
      setLinks: (on) => {
        const done = on
          ? app.setAsDefaultProtocolClient(linkScheme, ...this.#linkCommand())
          : app.removeAsDefaultProtocolClient(linkScheme, ...this.#linkCommand());
        if (!done) {
          dialog.showErrorBox(words.product, words.menu.linksFailed);
        }
        this.#setMenu();
      },
      quit: () => app.quit(),
    };
  }

  /** How the system starts this program for a link; a packaged one is its own command. */
  #linkCommand(): [path?: string, args?: string[]] {
    return app.isPackaged ? [] : [process.execPath, [this.#needs.appRoot]];
  }

  /** Beside a packaged program, or in the checkout. */
  #docs(): string {
    const packaged = join(process.resourcesPath, 'docs', 'using.md');
    return existsSync(packaged) ? packaged : join(this.#needs.appRoot, 'docs', 'using.md');
  }

  #openPath(path: string): void {
    shell
      .openPath(path)
      .then((problem) => problem !== '' && dialog.showErrorBox(words.folder.failed, `${path}\n${problem}`))
      .catch((error: unknown) => this.#needs.log.warn('a path could not be opened', { path, error }));
  }

  /** Signals and the end of a session: nobody is there to be asked. */
  #endWithTheSession(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => this.#departure.endNow(signal, signalGraceMs));
    }
    // Linux and macOS; without this the system would not wait.
    powerMonitor.on('shutdown', ((event?: { preventDefault(): void }) => {
      event?.preventDefault();
      this.#departure.endNow('shutdown', sessionGraceMs);
    }) as () => void);
    // Windows tells its windows.
    app.on('browser-window-created', (_event, window) => {
      window.on('session-end', () => this.#departure.endNow('session-end', sessionGraceMs));
    });
  }
}
