import type { BrowserWindow, BrowserWindowConstructorOptions, Screen } from 'electron';
import { startPath } from '#contract/pages';
import { type WindowCommand, windowFrames } from '#contract/window-command';
import type { Log } from '#core/ports';
import { appOrigin } from './app-protocol.ts';
import { readWindowState, saveWindowState, type WindowState } from './window-state.ts';
import { words } from './words.ts';

type WindowNeeds = {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly screen: Pick<Screen, 'getAllDisplays'>;
  readonly log: Log;
  readonly stateFile: string;
  readonly preload: string;
  /** Picture for the window where the platform takes none from the program file. */
  readonly icon: string;
  /** Asked when the person closes the window: whether it goes away for good, or only out of sight. */
  readonly onClose: () => 'close' | 'hide';
};

const firstSize = { width: 1280, height: 860 };

/** The one window with the pages; it may be away, and comes back when it is asked for. */
export class MainWindow {
  readonly #needs: WindowNeeds;
  #window: BrowserWindow | undefined;
  #state: WindowState;
  /** For a page that is still being loaded; null once it listens. */
  #held: WindowCommand[] | null = null;
  #sent = 0;
  #progress: number | null = null;

  constructor(needs: WindowNeeds) {
    this.#needs = needs;
    this.#state = readWindowState(needs.stateFile, needs.screen);
  }

  /** The window while there is one, shown or not. */
  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Somebody can see the pages and works in them. */
  get inView(): boolean {
    const window = this.#window;
    return window !== undefined && window.isVisible() && !window.isMinimized() && window.isFocused();
  }

  /** Whether the person still has to be told where the window goes; from now on that is known. */
  mustTellOfTray(): boolean {
    const must = !this.#state.toldTray;
    this.#state = { ...this.#state, toldTray: true };
    this.#save();
    return must;
  }

  /** Brings the window to the front, at the page when one is given; it is made when there is none. */
  show(page?: string): void {
    const window = this.#window;
    if (!window) {
      this.#open(page ?? startPath);
      return;
    }
    if (page !== undefined) {
      this.command({ do: 'go', to: page });
    }
    if (window.isMinimized()) {
      window.restore();
    }
    window.show();
    window.focus();
  }

  hide(): void {
    this.#window?.hide();
  }

  /** Ends the page with all its feeds, without asking anybody. */
  destroy(): void {
    if (this.#window) {
      this.#remember(this.#window);
      this.#window.destroy();
    }
  }

  /** Asks something of the page, as soon as it listens; nothing happens when there is no window. */
  command(command: WindowCommand): void {
    if (this.#held) {
      this.#held.push(command);
    } else if (this.#window) {
      this.#sent += 1;
      this.#window.webContents.send('drover:frame', windowFrames, { seq: this.#sent, item: command });
    }
  }

  /** Shows a share from 0 to 1 in the task bar; null shows none. */
  showProgress(share: number | null): void {
    if (share !== this.#progress) {
      this.#progress = share;
      this.#window?.setProgressBar(share ?? -1);
    }
  }

  #open(page: string): void {
    const window = this.#needs.create(this.#options());
    this.#window = window;
    this.#held = [];
    if (this.#state.maximized) {
      window.maximize();
    }
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      this.#remember(window);
      if (this.#needs.onClose() === 'hide') {
        event.preventDefault();
        window.hide();
      }
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#held = null;
    });
    window.webContents.on('did-finish-load', () => this.#loaded(window));
    window.setProgressBar(this.#progress ?? -1);
    void window.loadURL(`${appOrigin}/index.html#${page}`);
  }

  #loaded(window: BrowserWindow): void {
    window.webContents.setZoomLevel(this.#state.zoom);
    const held = this.#held ?? [];
    this.#held = null;
    for (const command of held) {
      this.command(command);
    }
  }

  #options(): BrowserWindowConstructorOptions {
    const { preload, icon } = this.#needs;
    return {
      ...firstSize,
      ...this.#state.bounds,
      minWidth: 480,
      minHeight: 400,
      show: false,
      title: words.product,
      icon,
      webPreferences: {
        preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
      },
    };
  }

  #remember(window: BrowserWindow): void {
    this.#state = {
      ...this.#state,
      bounds: window.getNormalBounds(),
      maximized: window.isMaximized(),
      zoom: window.webContents.getZoomLevel(),
    };
    this.#save();
  }

  #save(): void {
    try {
      saveWindowState(this.#needs.stateFile, this.#state);
    } catch (error) {
      // A full disk must not keep the window from closing.
      this.#needs.log.warn('the place of the window could not be kept', { error });
    }
  }
}
