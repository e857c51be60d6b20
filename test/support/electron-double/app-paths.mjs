import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './settings.mjs';

/** @type {Map<string, string>} */
const chosen = new Map();

const inHome = (/** @type {string} */ folder) => () => join(homedir(), folder);
const appData = () => process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
const userData = () => settings.userDataDir ?? join(appData(), settings.app.name);

/** @type {Record<string, () => string>} */
const known = {
  home: homedir,
  appData,
  userData,
  sessionData: userData,
  temp: tmpdir,
  exe: () => process.execPath,
  module: () => process.execPath,
  desktop: inHome('Desktop'),
  documents: inHome('Documents'),
  downloads: inHome('Downloads'),
  music: inHome('Music'),
  pictures: inHome('Pictures'),
  videos: inHome('Videos'),
  logs: () => join(getPath('userData'), 'logs'),
  crashDumps: () => join(getPath('userData'), 'Crashpad'),
};

/** @param {string} name as for app.getPath @returns {string} throws for a name Electron does not know */
export function getPath(name) {
  const path = chosen.get(name) ?? known[name]?.();
  if (!path) {
    throw new Error(`Failed to get '${name}' path`);
  }
  if (name === 'userData') {
    mkdirSync(path, { recursive: true });
  }
  return path;
}

/** @param {string} name as for app.setPath @param {string} path */
export function setPath(name, path) {
  if (!known[name]) {
    throw new Error(`Failed to set path '${name}'`);
  }
  mkdirSync(path, { recursive: true });
  chosen.set(name, path);
}
