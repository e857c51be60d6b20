// Where the app is in its life, and its windows: shared by modules that would otherwise import each other in a circle.
export const lifecycle = {
  /** The entry module has been evaluated. */
  loaded: false,
  ready: false,
  quitting: false,
  exiting: false,
};

/** Living windows by id, in the order they were made. @type {Map<number, import('./browser-window.mjs').BrowserWindow>} */
export const windows = new Map();
