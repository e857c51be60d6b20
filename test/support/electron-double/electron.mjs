// The electron module of the main process, as the app under test imports it.
import { absent } from './uncovered.mjs';

export { app } from './app.mjs';
export { BrowserWindow } from './browser-window.mjs';
export { clipboard, nativeTheme, powerMonitor, powerSaveBlocker, screen } from './desktop.mjs';
export { dialog, shell } from './dialogs-shell.mjs';
export { ipcMain } from './ipc-main.mjs';
export { Menu, MenuItem, Tray } from './menu-tray.mjs';
export { nativeImage } from './native-image.mjs';
export { Notification } from './notification.mjs';
export { net, protocol } from './protocol.mjs';
export { record } from './record.mjs';
export { safeStorage } from './safe-storage.mjs';
export { session } from './session.mjs';
export { webContents } from './web-contents.mjs';

// Importing one of these is no fault, using it is.
export const autoUpdater = absent('autoUpdater');
export const BaseWindow = absent('BaseWindow');
export const BrowserView = absent('BrowserView');
export const ClipboardItem = absent('ClipboardItem');
export const contentTracing = absent('contentTracing');
export const crashReporter = absent('crashReporter');
export const desktopCapturer = absent('desktopCapturer');
export const globalShortcut = absent('globalShortcut');
export const ImageView = absent('ImageView');
export const inAppPurchase = absent('inAppPurchase');
export const IpcMainServiceWorker = absent('IpcMainServiceWorker');
export const MessageChannelMain = absent('MessageChannelMain');
export const netLog = absent('netLog');
export const pushNotifications = absent('pushNotifications');
export const sharedTexture = absent('sharedTexture');
export const ShareMenu = absent('ShareMenu');
export const systemPreferences = absent('systemPreferences');
export const TouchBar = absent('TouchBar');
export const utilityProcess = absent('utilityProcess');
export const View = absent('View');
export const webFrameMain = absent('webFrameMain');
export const WebContentsView = absent('WebContentsView');
export const WebSocket = absent('WebSocket');
