// Starts one headless Chromium for the app and ends it again. Our protocol connection is the debugging pipe: when this
// process dies, however it dies, the pipe closes and Chromium goes too. Playwright uses the port that it prints.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cdp } from './cdp.mjs';
import { serveSchemes } from './protocol.mjs';
import { settings } from './settings.mjs';

const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  // Without these Chromium keeps trying to reach its maker's hosts.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-extensions',
  '--disable-component-extensions-with-background-pages',
  '--disable-field-trial-config',
  '--disable-breakpad',
  '--metrics-recording-only',
  '--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,NetworkTimeServiceQuerying,MediaRouter,PaintHolding,PreconnectToSearch',
  '--disable-dev-shm-usage',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-back-forward-cache',
  '--disable-hang-monitor',
  '--disable-popup-blocking',
  '--disable-ipc-flooding-protection',
  '--force-color-profile=srgb',
  '--password-store=basic',
  '--mute-audio',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
];

/** Longest wait for a Chromium that still holds the profile because its app was killed a moment ago. */
const profileWaitMs = 10_000;
const closeWaitMs = 3000;

/** @type {{ child: import('node:child_process').ChildProcess, cdp: Cdp, exited: Promise<unknown> } | undefined} */
let current;
/** Chromium's folder, set by startBrowser. */
export let profile = '';
let temporary = false;

/** @param {boolean} shared whether another instance of the app has the user data directory */
function chooseProfile(shared) {
  temporary = !settings.userDataDir || shared;
  // As in Electron: what the page stores lies with the app's data and outlives a restart.
  profile = temporary
    ? mkdtempSync(join(tmpdir(), 'electron-double-'))
    : join(String(settings.userDataDir), 'electron-double');
  mkdirSync(profile, { recursive: true });
}

/** @param {string[]} args @returns {Promise<{ address: string } | { failure: string }>} */
async function tryStart(args) {
  const child = spawn(settings.chromium, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] });
  const [, , errors, output, input] = /** @type {any} */ (child.stdio);
  current = {
    child,
    cdp: new Cdp(output, input),
    exited: new Promise((resolve) => child.once('exit', resolve).once('error', resolve)),
  };
  const { promise, resolve } = Promise.withResolvers();
  let said = '';
  errors.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    // Read on to the end: a full pipe would stop Chromium.
    said = said.slice(-100_000) + text;
    const found = /DevTools listening on (ws:\S+)/.exec(said);
    if (found) {
      resolve({ address: found[1] });
    }
  });
  child.once('error', (error) => resolve({ failure: error.message }));
  child.once('close', () => resolve({ failure: said }));
  return await promise;
}

/**
 * @param {{ shared: boolean }} choice
 * @returns {Promise<Cdp>} resolves when Chromium answers
 */
export async function startBrowser({ shared }) {
  const port = await serveSchemes();
  chooseProfile(shared);
  const args = [
    ...switches,
    `--host-resolver-rules=MAP *.localhost:80 127.0.0.1:${port}`,
    `--user-data-dir=${profile}`,
  ];
  const end = Date.now() + profileWaitMs;
  let result = await tryStart(args);
  while ('failure' in result && /ProcessSingleton/.test(result.failure)) {
    if (Date.now() > end) {
      break;
    }
    await sleep(100);
    result = await tryStart(args);
  }
  if ('failure' in result) {
    throw new Error(`electron double: Chromium did not start: ${result.failure}`);
  }
  const cdp = browserConnection();
  const { product } = await cdp.send('Browser.getVersion');
  Object.defineProperty(process.versions, 'chrome', { value: product.split('/')[1], enumerable: true });
  process.stderr.write(`\nDevTools listening on ${result.address}\n`);
  return cdp;
}

/** The connection to the browser; throws before startBrowser was called. */
export function browserConnection() {
  if (!current) {
    throw new Error('electron double: the browser is not running yet');
  }
  return current.cdp;
}

/** Ends Chromium, by force after three seconds, and removes a temporary profile. Never rejects. */
export async function stopBrowser() {
  if (current) {
    const { child, cdp, exited } = current;
    cdp.send('Browser.close').catch(() => {});
    const forced = setTimeout(() => child.kill('SIGKILL'), closeWaitMs);
    await exited;
    clearTimeout(forced);
  }
  if (temporary) {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
