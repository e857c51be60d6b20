// Downloads of a page: 'will-download' of the session, and a DownloadItem good enough to choose where the file goes.
import { EventEmitter } from 'node:events';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { browserConnection, profile } from './browser.mjs';
import { windows } from './lifecycle.mjs';
import { inward } from './schemes.mjs';
import { session } from './session.mjs';
import { cancellable, coveredClass, notAvailable } from './uncovered.mjs';

/** @typedef {{ guid: string, url: string, suggestedFilename: string, frameId: string }} Begun */

const DownloadItem = coveredClass(
  'DownloadItem',
  class extends EventEmitter {
    #begun;
    #savePath = '';
    #progress = { receivedBytes: 0, totalBytes: 0, state: 'inProgress' };

    constructor(/** @type {Begun} */ begun) {
      super();
      this.#begun = begun;
    }
    getURL() {
      return inward(this.#begun.url);
    }
    getFilename() {
      return this.#begun.suggestedFilename;
    }
    getSavePath() {
      return this.#savePath;
    }
    setSavePath(/** @type {string} */ path) {
      this.#savePath = path;
    }
    getTotalBytes() {
      return this.#progress.totalBytes;
    }
    getReceivedBytes() {
      return this.#progress.receivedBytes;
    }
    getState() {
      return { inProgress: 'progressing', completed: 'completed', canceled: 'cancelled' }[this.#progress.state];
    }
    cancel() {
      browserConnection()
        .send('Browser.cancelDownload', { guid: this.#begun.guid })
        .catch(() => {});
    }
    /** Chromium's news of a download. @param {any} item @param {any} progress @param {string} file where it lies */
    static advance(item, progress, file) {
      item.#progress = progress;
      if (progress.state === 'inProgress') {
        item.emit('updated', cancellable(), 'progressing');
        return;
      }
      if (progress.state === 'completed') {
        copyFileSync(file, item.#savePath);
      }
      rmSync(file, { force: true });
      item.emit('done', cancellable(), item.getState());
    }
  },
);

/** @type {Map<string, InstanceType<typeof DownloadItem>>} */
const items = new Map();

const downloadFolder = () => join(profile, 'Unsaved downloads');

/** @param {import('./cdp.mjs').Cdp} cdp */
export async function receiveDownloads(cdp) {
  await cdp.send('Browser.setDownloadBehavior', {
    behavior: 'allowAndName',
    downloadPath: downloadFolder(),
    eventsEnabled: true,
  });
}

/** @param {Begun} begun */
export function downloadBegun(begun) {
  const contents = [...windows.values()]
    .map((window) => window.webContents)
    .find((each) => each.getOrCreateDevToolsTargetId() === begun.frameId);
  const item = new DownloadItem(begun);
  const event = cancellable();
  session.defaultSession.emit('will-download', event, item, contents, contents?.mainFrame ?? null);
  if (event.defaultPrevented) {
    item.cancel();
  } else if (item.getSavePath() === '') {
    item.cancel();
    throw notAvailable(`a download without a save path (${item.getFilename()}; call item.setSavePath)`);
  } else {
    items.set(begun.guid, item);
  }
}

/** @param {{ guid: string, state: string }} progress */
export function downloadAdvanced(progress) {
  const item = items.get(progress.guid);
  if (item) {
    if (progress.state !== 'inProgress') {
      items.delete(progress.guid);
    }
    DownloadItem.advance(item, progress, join(downloadFolder(), progress.guid));
  }
}
