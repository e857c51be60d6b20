import { EventEmitter } from 'node:events';
import { browserConnection } from './browser.mjs';
import { net, protocol } from './protocol.mjs';
import { inward, originOf } from './schemes.mjs';
import { covered, coveredClass, notAvailable } from './uncovered.mjs';
import { webRequest } from './web-request.mjs';

/** @typedef {{ electron: string, chromium: string, details?: object }} Permission */
/** @type {Permission[]} */
const permissions = [
  { electron: 'clipboard-read', chromium: 'clipboard-read' },
  { electron: 'clipboard-sanitized-write', chromium: 'clipboard-write' },
  { electron: 'geolocation', chromium: 'geolocation' },
  { electron: 'media', chromium: 'camera', details: { mediaType: 'video', mediaTypes: ['video'] } },
  { electron: 'media', chromium: 'microphone', details: { mediaType: 'audio', mediaTypes: ['audio'] } },
  { electron: 'midi', chromium: 'midi' },
  { electron: 'notifications', chromium: 'notifications' },
];

/** @type {{ request: Function | null, check: Function | null }} */
const handlers = { request: null, check: null };
/** A request handler that has not answered by then has refused: a page must not wait for it. */
const patienceMs = 1000;

class Session extends EventEmitter {
  protocol = protocol;
  webRequest = webRequest;
  storagePath = null;

  setPermissionRequestHandler(/** @type {Function | null} */ handler) {
    handlers.request = handler;
  }
  setPermissionCheckHandler(/** @type {Function | null} */ handler) {
    handlers.check = handler;
  }
  fetch(/** @type {string} */ url, /** @type {RequestInit} */ init) {
    return net.fetch(url, init);
  }
  isPersistent() {
    return true;
  }
  setSpellCheckerEnabled() {}
}

const defaultSession = new (coveredClass('session', Session))();

export const session = covered('session', {
  defaultSession,
  fromPartition() {
    throw notAvailable('session.fromPartition');
  },
});

async function isGranted(/** @type {any} */ contents, /** @type {string} */ url, /** @type {Permission} */ permission) {
  const { electron, details } = permission;
  const asked = { isMainFrame: true, requestingUrl: url, ...details };
  if (handlers.check && !handlers.check(contents, electron, `${originOf(url)}/`, asked)) {
    return false;
  }
  const { request } = handlers;
  if (!request) {
    return true;
  }
  return new Promise((resolve) => {
    setTimeout(resolve, patienceMs, false).unref();
    request(contents, electron, resolve, asked);
  });
}

/**
 * Chromium does not ask us when a page wants a permission, so the app's handlers are asked for every permission when a
 * document is about to load, and Chromium is told the answers beforehand. Without handlers all is granted, as in
 * Electron.
 * @param {import('./web-contents.mjs').WebContents} contents
 * @param {string} chromiumUrl of the document
 */
export async function settlePermissions(contents, chromiumUrl) {
  if (!chromiumUrl.startsWith('http')) {
    return;
  }
  const { origin } = new URL(chromiumUrl);
  const settle = async (/** @type {Permission} */ permission) => {
    const setting = (await isGranted(contents, inward(chromiumUrl), permission)) ? 'granted' : 'denied';
    await browserConnection()
      .send('Browser.setPermission', { permission: { name: permission.chromium }, setting, origin })
      .catch(() => {});
  };
  await Promise.all(permissions.map(settle));
}
