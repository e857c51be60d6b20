import { EventEmitter } from 'node:events';
import { getPath, setPath } from './app-paths.mjs';
import { stopBrowser } from './browser.mjs';
import { lifecycle, windows } from './lifecycle.mjs';
import { settings, switchValue } from './settings.mjs';
import { takeLock, tellFirst } from './single-instance.mjs';
import { cancellable, covered, coveredClass } from './uncovered.mjs';

/** Before process.exit is given Electron's meaning. */
const endProcess = process.exit.bind(process);
const becameReady = Promise.withResolvers();
/** Work that must be done before the process may end. @type {Promise<unknown>[]} */
const unfinished = [];

async function shutDown(/** @type {number} */ code) {
  await Promise.allSettled(unfinished);
  await stopBrowser();
  endProcess(code);
}

const commandLine = covered('app.commandLine', {
  appendSwitch() {},
  appendArgument() {},
  hasSwitch: (/** @type {string} */ name) => switchValue(name) !== undefined,
  getSwitchValue: (/** @type {string} */ name) => switchValue(name) ?? '',
});

class App extends EventEmitter {
  name = settings.app.name;
  isPackaged = settings.packaged;
  commandLine = commandLine;
  badgeCount = 0;
  /** Only macOS has one. */
  dock = undefined;
  #lock;
  /** @type {Set<string>} */
  #schemes = new Set();
  #loginItem = { openAtLogin: false };

  getName = () => this.name;
  setName(/** @type {string} */ name) {
    this.name = name;
  }
  getVersion = () => settings.app.version;
  getAppPath = () => settings.app.path;
  getPath = getPath;
  setPath = setPath;
  getLocale = () => settings.locale;
  getSystemLocale = () => settings.locale;
  getPreferredSystemLanguages = () => [settings.locale];
  isReady = () => lifecycle.ready;

  whenReady() {
    if (!lifecycle.loaded) {
      watchForDeadlock();
    }
    return becameReady.promise;
  }

  requestSingleInstanceLock(/** @type {unknown} */ data = {}) {
    const folder = getPath('userData');
    this.#lock ??= takeLock(folder, ({ argv, cwd, data: sent }) => {
      void becameReady.promise.then(() => this.emit('second-instance', cancellable(), argv, cwd, sent));
    });
    if (!this.#lock) {
      unfinished.push(tellFirst(folder, JSON.stringify({ argv: process.argv, cwd: process.cwd(), data })));
    }
    return this.#lock !== undefined;
  }
  hasSingleInstanceLock = () => this.#lock !== undefined;
  releaseSingleInstanceLock() {
    this.#lock?.release();
    this.#lock = undefined;
  }

  setAsDefaultProtocolClient(/** @type {string} */ scheme) {
    this.#schemes.add(scheme);
    return true;
  }
  removeAsDefaultProtocolClient = (/** @type {string} */ scheme) => this.#schemes.delete(scheme);
  isDefaultProtocolClient = (/** @type {string} */ scheme) => this.#schemes.has(scheme);

  getLoginItemSettings = () => ({ ...this.#loginItem });
  setLoginItemSettings(/** @type {{ openAtLogin?: boolean }} */ chosen) {
    this.#loginItem = { ...this.#loginItem, ...chosen };
  }
  setBadgeCount(/** @type {number} */ count = 0) {
    this.badgeCount = count;
    return true;
  }
  getBadgeCount = () => this.badgeCount;
  /** Every window of the double is sandboxed. */
  enableSandbox() {}
  disableHardwareAcceleration() {}
  setAppUserModelId() {}
  setAboutPanelOptions() {}
  focus() {}

  quit() {
    if (lifecycle.quitting) {
      return;
    }
    const event = cancellable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) {
      return;
    }
    lifecycle.quitting = true;
    if (windows.size === 0) {
      finishQuit();
      return;
    }
    for (const window of windows.values()) {
      window.close();
    }
  }

  exit(/** @type {number} */ code = 0) {
    if (lifecycle.exiting) {
      return;
    }
    lifecycle.exiting = true;
    lifecycle.quitting = true;
    for (const window of windows.values()) {
      window.destroy();
    }
    this.emit('quit', cancellable(), code);
    void shutDown(code);
  }
}

export const app = new (coveredClass('app', App))();

function finishQuit() {
  const event = cancellable();
  app.emit('will-quit', event);
  if (event.defaultPrevented) {
    lifecycle.quitting = false;
  } else {
    app.exit(0);
  }
}

/** The last window has gone. */
export function allWindowsClosed() {
  if (lifecycle.exiting) {
    return;
  }
  if (lifecycle.quitting) {
    finishQuit();
  } else if (!app.emit('window-all-closed')) {
    app.quit();
  }
}

let watching = false;
/** Electron emits 'ready' after the entry module was evaluated: a top-level await of whenReady() never ends there. */
function watchForDeadlock() {
  if (watching) {
    return;
  }
  watching = true;
  const step = settings.deadlockMs / 10;
  let idle = 0;
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    // Only stillness counts: a slow machine that still loads modules is busy.
    idle = performance.eventLoopUtilization(now, before).utilization < 0.2 ? idle + 1 : 0;
    before = now;
    if (lifecycle.loaded) {
      clearInterval(timer);
    } else if (idle >= 10) {
      console.error('electron double: the entry module awaits app.whenReady() at its top level; Electron would hang');
      endProcess(86);
    }
  }, step);
}

/** Says that the app may have its 'ready' event: entry evaluated, browser running. */
export function becomeReady() {
  getPath('userData');
  lifecycle.ready = true;
  app.emit('will-finish-launching');
  app.emit('ready', cancellable(), {});
  becameReady.resolve(undefined);
}

/** Ends at once, for a failure of the double itself. @param {string} reason */
export function fail(reason) {
  if (!lifecycle.exiting) {
    process.stderr.write(`${reason}\n`);
    endProcess(1);
  }
}

/** As in Electron, process.exit and the usual signals go through the app, unless it listens to a signal itself. */
export function guardProcess() {
  process.exit = /** @type {typeof process.exit} */ ((code) => app.exit(Number(code ?? process.exitCode ?? 0)));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.listenerCount(signal) === 1 && app.quit());
  }
}
