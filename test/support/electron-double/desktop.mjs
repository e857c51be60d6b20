// Small parts of the desktop: power, screen, theme, clipboard. Tests emit their events, e.g. powerMonitor.emit('suspend').
import { EventEmitter } from 'node:events';
import { covered } from './uncovered.mjs';

export const powerMonitor = covered(
  'powerMonitor',
  Object.assign(new EventEmitter(), {
    getSystemIdleState: () => 'active',
    getSystemIdleTime: () => 0,
    isOnBatteryPower: () => false,
    onBatteryPower: false,
  }),
);

/** @type {Map<number, string>} */
const blockers = new Map();
let lastBlocker = 0;

export const powerSaveBlocker = covered('powerSaveBlocker', {
  start(/** @type {string} */ type) {
    blockers.set(++lastBlocker, type);
    return lastBlocker;
  },
  stop: (/** @type {number} */ id) => blockers.delete(id),
  isStarted: (/** @type {number} */ id) => blockers.has(id),
});

const display = {
  id: 1,
  label: 'double',
  scaleFactor: 1,
  rotation: 0,
  internal: false,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  size: { width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
  workAreaSize: { width: 1920, height: 1040 },
};

export const screen = covered(
  'screen',
  Object.assign(new EventEmitter(), {
    getPrimaryDisplay: () => display,
    getAllDisplays: () => [display],
    getDisplayMatching: () => display,
    getDisplayNearestPoint: () => display,
    getCursorScreenPoint: () => ({ x: 0, y: 0 }),
  }),
);

class NativeTheme extends EventEmitter {
  /** @type {'system' | 'light' | 'dark'} */
  #source = 'system';
  shouldUseHighContrastColors = false;
  shouldUseInvertedColorScheme = false;
  get themeSource() {
    return this.#source;
  }
  set themeSource(source) {
    if (source !== this.#source) {
      this.#source = source;
      this.emit('updated');
    }
  }
  get shouldUseDarkColors() {
    return this.#source === 'dark';
  }
}
/** The page's own prefers-color-scheme is left to whoever drives the page. */
export const nativeTheme = covered('nativeTheme', new NativeTheme());

let copied = '';
/** Text only; pages have Chromium's own clipboard, apart from this one. */
export const clipboard = covered('clipboard', {
  readText: async () => copied,
  async writeText(/** @type {string} */ text) {
    copied = text;
  },
  clear() {
    copied = '';
  },
});
