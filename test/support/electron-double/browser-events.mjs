// What Chromium tells about all its pages at once, brought to the window it concerns.
import { fail } from './app.mjs';
import { downloadAdvanced, downloadBegun, receiveDownloads } from './downloads.mjs';
import { windows } from './lifecycle.mjs';
import { closeStray } from './window-target.mjs';

/** @type {Record<string, (params: any) => void>} */
const on = {
  'Target.targetCreated': ({ targetInfo }) => {
    if (targetInfo.type === 'page') {
      void closeStray(targetInfo);
    }
  },
  'Target.targetDestroyed': ({ targetId }) => {
    for (const window of windows.values()) {
      if (window.webContents.getOrCreateDevToolsTargetId() === targetId) {
        window.destroy();
      }
    }
  },
  'Browser.downloadWillBegin': downloadBegun,
  'Browser.downloadProgress': downloadAdvanced,
};

/** @param {import('./cdp.mjs').Cdp} cdp */
export async function watchBrowser(cdp) {
  cdp.listen('', (method, params) => on[method]?.(params));
  void cdp.closed.then(() => fail('electron double: Chromium has gone away'));
  await Promise.all([cdp.send('Target.setDiscoverTargets', { discover: true }), receiveDownloads(cdp)]);
}
