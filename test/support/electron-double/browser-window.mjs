import { EventEmitter } from 'node:events';
import { allWindowsClosed, app } from './app.mjs';
import { lifecycle, windows } from './lifecycle.mjs';
import { cancellable, coveredClass } from './uncovered.mjs';
import { WebContents } from './web-contents.mjs';

let created = 0;
/** @type {BrowserWindow | undefined} */
let focused;

/** A window: its page is real, everything a window manager would do is remembered and told by events only. */
export class BrowserWindow extends EventEmitter {
  id = ++created;
  #bounds;
  #title;
  #state = {
    visible: true,
    minimized: false,
    maximized: false,
    fullScreen: false,
    alwaysOnTop: false,
    menuBar: true,
    destroyed: false,
    progress: -1,
  };
  #shownOnce = false;

  /** @param {Record<string, any>} [options] */
  constructor(options = {}) {
    super();
    if (!lifecycle.ready) {
      throw new Error('Cannot create BrowserWindow before app is ready');
    }
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.#bounds = { x, y, width, height };
    this.#title = options.title ?? app.name;
    this.#state.visible = options.show !== false;
    this.webContents = new WebContents(this, options.webPreferences ?? {});
    windows.set(this.id, this);
    this.#follow();
    app.emit('web-contents-created', { ...cancellable(), sender: this.webContents }, this.webContents);
    app.emit('browser-window-created', cancellable(), this);
    if (this.#state.visible) {
      this.focus();
    }
  }

  #follow() {
    this.webContents.on('ready-to-show', () => {
      if (!this.#shownOnce) {
        this.#shownOnce = true;
        this.emit('ready-to-show');
      }
    });
    this.webContents.on('page-title-updated', (_event, title, explicit) => {
      const event = cancellable();
      this.emit('page-title-updated', event, title, explicit);
      if (!event.defaultPrevented) {
        this.#title = title;
      }
    });
  }

  static getAllWindows() {
    return [...windows.values()];
  }
  static getFocusedWindow() {
    return focused ?? null;
  }
  static fromWebContents(/** @type {WebContents} */ contents) {
    return contents.getOwnerBrowserWindow();
  }
  static fromId(/** @type {number} */ id) {
    return windows.get(id) ?? null;
  }

  loadURL(/** @type {string} */ url, /** @type {object | undefined} */ options) {
    return this.webContents.loadURL(url, options);
  }
  loadFile(/** @type {string} */ path, /** @type {object} */ options = {}) {
    return this.webContents.loadFile(path, options);
  }
  reload() {
    this.webContents.reload();
  }
  capturePage(/** @type {{ x: number, y: number, width: number, height: number } | undefined} */ area) {
    return this.webContents.capturePage(area);
  }

  /** Says by an event what has changed, after the caller has finished, as a window manager would. */
  #tell(/** @type {string[]} */ ...events) {
    setImmediate(() => {
      for (const event of this.#state.destroyed ? [] : events) {
        this.emit(event);
      }
    });
  }

  show() {
    this.showInactive();
    this.focus();
  }
  showInactive() {
    if (!this.#state.visible) {
      this.#state.visible = true;
      this.#tell('show');
    }
  }
  hide() {
    if (this.#state.visible) {
      this.#state.visible = false;
      this.#tell('hide');
      this.blur();
    }
  }
  isVisible() {
    return this.#state.visible && !this.#state.destroyed;
  }
  focus() {
    if (focused === this) {
      return;
    }
    focused?.blur();
    focused = this;
    this.#tell('focus');
    app.emit('browser-window-focus', cancellable(), this);
  }
  blur() {
    if (focused === this) {
      focused = undefined;
      this.#tell('blur');
      app.emit('browser-window-blur', cancellable(), this);
    }
  }
  isFocused() {
    return focused === this;
  }
  moveTop() {
    this.focus();
  }

  minimize() {
    this.#state.minimized = true;
    this.#tell('minimize');
  }
  isMinimized() {
    return this.#state.minimized;
  }
  restore() {
    this.#state.minimized = false;
    this.#tell('restore');
  }
  maximize() {
    this.#state.maximized = true;
    this.#state.visible = true;
    this.#tell('maximize');
  }
  unmaximize() {
    this.#state.maximized = false;
    this.#tell('unmaximize');
  }
  isMaximized() {
    return this.#state.maximized;
  }
  setFullScreen(/** @type {boolean} */ full) {
    this.#state.fullScreen = full;
    this.#tell(full ? 'enter-full-screen' : 'leave-full-screen');
  }
  isFullScreen() {
    return this.#state.fullScreen;
  }
  setAlwaysOnTop(/** @type {boolean} */ on) {
    this.#state.alwaysOnTop = on;
  }
  isAlwaysOnTop() {
    return this.#state.alwaysOnTop;
  }

  getBounds() {
    return { ...this.#bounds };
  }
  getNormalBounds() {
    return this.getBounds();
  }
  getContentBounds() {
    return this.getBounds();
  }
  setBounds(/** @type {Partial<{ x: number, y: number, width: number, height: number }>} */ bounds) {
    const before = this.#bounds;
    this.#bounds = { ...before, ...bounds };
    const { x, y, width, height } = this.#bounds;
    if (width !== before.width || height !== before.height) {
      const resized = WebContents.targetOf(this.webContents).resize({ width, height });
      resized.then(
        () => this.#tell('resize', 'resized'),
        () => {},
      );
    }
    if (x !== before.x || y !== before.y) {
      this.#tell('move', 'moved');
    }
  }
  getSize() {
    return [this.#bounds.width, this.#bounds.height];
  }
  setSize(/** @type {number} */ width, /** @type {number} */ height) {
    this.setBounds({ width, height });
  }
  getPosition() {
    return [this.#bounds.x, this.#bounds.y];
  }
  setPosition(/** @type {number} */ x, /** @type {number} */ y) {
    this.setBounds({ x, y });
  }
  center() {}
  setMinimumSize() {}

  getTitle() {
    return this.#title;
  }
  setTitle(/** @type {string} */ title) {
    this.#title = title;
  }
  setMenu() {}
  removeMenu() {}
  setMenuBarVisibility(/** @type {boolean} */ visible) {
    this.#state.menuBar = visible;
  }
  isMenuBarVisible() {
    return this.#state.menuBar;
  }
  setAutoHideMenuBar() {}
  setIcon() {}
  setBackgroundColor() {}
  setProgressBar(/** @type {number} */ progress) {
    this.#state.progress = progress;
  }
  /** The double's own, Electron has no getter. */
  getProgressBar() {
    return this.#state.progress;
  }
  flashFrame() {}

  isDestroyed() {
    return this.#state.destroyed;
  }

  /** The user's way: listeners of 'close' may keep the window. */
  close() {
    if (this.#state.destroyed) {
      return;
    }
    const event = cancellable();
    this.emit('close', event);
    if (!event.defaultPrevented) {
      setImmediate(() => this.destroy());
    } else if (lifecycle.quitting) {
      // A window that stays calls the quit off.
      lifecycle.quitting = false;
    }
  }

  destroy() {
    if (this.#state.destroyed) {
      return;
    }
    this.blur();
    this.#state.destroyed = true;
    windows.delete(this.id);
    WebContents.destroy(this.webContents);
    this.emit('closed');
    if (windows.size === 0) {
      allWindowsClosed();
    }
  }
}
coveredClass('BrowserWindow', BrowserWindow);
