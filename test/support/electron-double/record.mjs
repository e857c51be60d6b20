/**
 * What the app has asked the desktop for, oldest first. Tests reach it as `record` of the electron module; a real
 * Electron has no such thing, so a spec that shall run on both replaces the function instead.
 */
export const record = {
  /** @type {string[]} addresses and paths given to shell */
  opened: [],
  /** @type {import('./notification.mjs').Notification[]} shown */
  notifications: [],
  /** @type {{ kind: string, options: unknown }[]} */
  dialogs: [],
  /** @type {import('./menu-tray.mjs').Tray[]} living */
  trays: [],
  /** @type {import('./menu-tray.mjs').Menu[]} popped up */
  menus: [],
};
