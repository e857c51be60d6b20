// Starts the app as Electron would: entry module first, then 'ready'.
import { open } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { getPath } from './app-paths.mjs';
import { becomeReady, fail, guardProcess } from './app.mjs';
import { watchBrowser } from './browser-events.mjs';
import { startBrowser } from './browser.mjs';
import './electron.mjs';
import { lifecycle } from './lifecycle.mjs';
import './register.mjs';
import { settings } from './settings.mjs';
import { tellFirst } from './single-instance.mjs';

/** Longest wait for a driver that asked for both debuggers and then does not come. */
const driverWaitMs = 10_000;

/** Playwright calls this once it watches the browser: a window made before could race with its attaching. */
function driverCame() {
  const { promise, resolve } = Promise.withResolvers();
  Object.assign(globalThis, { __playwright_run: resolve });
  return Promise.race([promise, sleep(driverWaitMs, undefined, { ref: false })]);
}

async function openBrowser() {
  // Where another instance runs with the same data, this one is about to be turned away: no Chromium until it is not.
  const shared = settings.userDataDir !== undefined && (await tellFirst(getPath('userData')));
  if (shared) {
    await entryEvaluated.promise;
  }
  if (!lifecycle.exiting) {
    await watchBrowser(await startBrowser({ shared }));
  }
}

const entryEvaluated = Promise.withResolvers();

Object.assign(process, { type: 'browser', defaultApp: !settings.packaged, resourcesPath: settings.app.path });
Object.defineProperty(process.versions, 'electron', { value: settings.electronVersion, enumerable: true });
process.argv = [process.execPath, ...settings.args];
process.setSourceMapsEnabled(true);
guardProcess();

const driven = settings.driven ? driverCame() : Promise.resolve();
if (settings.inspectPort !== undefined) {
  open(settings.inspectPort, '127.0.0.1');
}
const opened = openBrowser();
opened.catch(() => {});
try {
  await import(pathToFileURL(settings.app.entry).href);
  lifecycle.loaded = true;
  entryEvaluated.resolve(undefined);
  await opened;
  await driven;
} catch (error) {
  fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
if (!lifecycle.exiting) {
  becomeReady();
}
