import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { app } from './app.mjs';
import { BrowserWindow } from './browser-window.mjs';
import { record } from './record.mjs';
import { coveredClass, notAvailable } from './uncovered.mjs';

function zoom(/** @type {BrowserWindow | null} */ window, /** @type {number} */ by) {
  window?.webContents.setZoomLevel(window.webContents.getZoomLevel() + by);
}

/** @type {Record<string, (window: BrowserWindow | null) => void>} */
const roles = {
  quit: () => app.quit(),
  close: (window) => window?.close(),
  minimize: (window) => window?.minimize(),
  reload: (window) => window?.reload(),
  zoomin: (window) => zoom(window, 0.5),
  zoomout: (window) => zoom(window, -0.5),
};

export class MenuItem {
  #onClick;

  /** @param {Record<string, any>} options */
  constructor(options) {
    const { click, submenu, ...rest } = options;
    const type = rest.type ?? (submenu ? 'submenu' : 'normal');
    Object.assign(this, { enabled: true, visible: true, checked: false, label: rest.role ?? '', ...rest, type });
    this.submenu = Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : submenu;
    this.#onClick = click;
  }

  /** As the user's click; tests call it. @param {object} [event] @param {BrowserWindow | null} [window] */
  click(event = {}, window = BrowserWindow.getFocusedWindow()) {
    if (!this.enabled) {
      return;
    }
    if (this.type === 'checkbox') {
      this.checked = !this.checked;
    }
    if (this.type === 'radio') {
      this.checked = true;
    }
    if (this.#onClick) {
      this.#onClick(this, window, event);
    } else if (this.role) {
      this.#play(window);
    }
  }

  #play(/** @type {BrowserWindow | null} */ window) {
    const play = roles[this.role.toLowerCase()];
    if (!play) {
      throw notAvailable(`the menu role ${this.role}`);
    }
    play(window);
  }
}

export class Menu extends EventEmitter {
  /** @type {Menu | null} */
  static #application = null;
  /** @type {MenuItem[]} */
  items = [];

  static buildFromTemplate(/** @type {(MenuItem | Record<string, any>)[]} */ template) {
    const menu = new Menu();
    for (const item of template) {
      menu.append(item instanceof MenuItem ? item : new MenuItem(item));
    }
    return menu;
  }
  static setApplicationMenu(/** @type {Menu | null} */ menu) {
    Menu.#application = menu;
  }
  static getApplicationMenu() {
    return Menu.#application;
  }
  append(/** @type {MenuItem} */ item) {
    this.items.push(item);
  }
  insert(/** @type {number} */ at, /** @type {MenuItem} */ item) {
    this.items.splice(at, 0, item);
  }
  /** @returns {MenuItem | null} */
  getMenuItemById(/** @type {string} */ id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id);
      if (found) {
        return found;
      }
    }
    return null;
  }
  popup() {
    record.menus.push(this);
    this.emit('menu-will-show');
  }
  closePopup() {
    this.emit('menu-will-close');
  }
}
coveredClass('Menu', Menu);

/** Clicks are the test's: `tray.emit('click')`. */
export class Tray extends EventEmitter {
  #toolTip = '';
  #title = '';
  #menu;
  #destroyed = false;

  /** @param {string | object} image */
  constructor(image) {
    super();
    this.setImage(image);
    record.trays.push(this);
  }
  setImage(/** @type {string | { isEmpty?: () => boolean }} */ image) {
    if (typeof image === 'string' && !existsSync(image)) {
      throw new Error(`Failed to load image from path '${image}'`);
    }
    this.image = image;
  }
  setToolTip(/** @type {string} */ text) {
    this.#toolTip = text;
  }
  /** The double's own, Electron has no getter. */
  getToolTip() {
    return this.#toolTip;
  }
  setTitle(/** @type {string} */ title) {
    this.#title = title;
  }
  getTitle() {
    return this.#title;
  }
  setContextMenu(/** @type {Menu | null} */ menu) {
    this.#menu = menu;
  }
  /** The double's own, Electron has no getter. */
  getContextMenu() {
    return this.#menu;
  }
  popUpContextMenu(/** @type {Menu | undefined} */ menu = this.#menu) {
    menu?.popup();
  }
  destroy() {
    this.#destroyed = true;
    record.trays = record.trays.filter((tray) => tray !== this);
  }
  isDestroyed() {
    return this.#destroyed;
  }
}
coveredClass('Tray', Tray);
