// What the command line and the environment say about this start, read once before anything else runs.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

const args = process.argv.slice(2);
const target = resolve(args.find((arg) => !arg.startsWith('-')) ?? '.');

/** @param {string} name @returns {string | undefined} the value of `--name=value`, '' for a bare `--name` */
export function switchValue(name) {
  const found = args.find((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  return found?.slice(name.length + 3);
}

function readApp() {
  if (!statSync(target).isDirectory()) {
    return { path: dirname(target), entry: target, name: basename(target), version: '0.0.0' };
  }
  const { name, productName, version, main } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
  return {
    path: target,
    entry: resolve(target, main ?? 'index.js'),
    name: productName ?? name,
    version: version ?? '0.0.0',
  };
}

function electronVersion() {
  try {
    return createRequire(import.meta.url)('electron/package.json').version;
  } catch {
    return '0.0.0';
  }
}

/**
 * Choices a test makes through `ELECTRON_DOUBLE` (JSON in the environment):
 * `encryption: false` takes the keyring away, `keyring` names another one, `packaged` sets `app.isPackaged`,
 * `locale`, and `deadlockMs`, how long an idle entry module may hold `ready` back.
 * @type {{ encryption: boolean, keyring: string, packaged: boolean, locale: string, deadlockMs: number }}
 */
const defaults = { encryption: true, keyring: 'default', packaged: false, locale: 'en-US', deadlockMs: 5000 };
const chosen = { ...defaults, ...JSON.parse(process.env.ELECTRON_DOUBLE ?? '{}') };
for (const name of Object.keys(chosen)) {
  if (!(name in defaults)) {
    throw new Error(`electron double: ELECTRON_DOUBLE knows no ${name}`);
  }
}

const inspect = switchValue('inspect');

export const settings = {
  ...chosen,
  args,
  app: readApp(),
  electronVersion: electronVersion(),
  chromium: process.env.CHROMIUM ?? '/usr/lib/chromium/chromium',
  userDataDir: switchValue('user-data-dir'),
  /** Port of Node's inspector, undefined when none was asked for. */
  inspectPort: inspect === undefined ? undefined : Number(inspect || 9229),
  /** Playwright passes both switches, and calls `__playwright_run()` once it watches the browser. */
  driven: inspect !== undefined && switchValue('remote-debugging-port') !== undefined,
};
