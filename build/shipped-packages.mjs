// Which packages of npm a shipped Drover holds: those it loads, and those whose code was bundled into the pages.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-command.mjs';

/** @typedef {{ name: string, version: string, path: string, license: string | undefined }} Package */

const lock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const packageOf = (path, entry) => ({
  name: nameOf(path),
  version: entry.version,
  path,
  license: entry.license ?? olderLicence(path),
});

/** As packages of long ago say it, which npm does not read. */
function olderLicence(path) {
  const { licenses } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return Array.isArray(licenses) ? licenses.map(({ type }) => type).join(' OR ') : undefined;
}

/** Packages that the main process loads: what package.json depends on, all the way down, without what is optional. @returns {Package[]} */
export function shippedPackages() {
  return Object.entries(lock())
    .filter(([path, entry]) => path !== '' && !entry.link && !entry.dev && !entry.devOptional && !entry.optional)
    .filter(([path]) => path.startsWith('node_modules/') && existsSync(join(root, path)))
    .map(([path, entry]) => packageOf(path, entry));
}

/** Packages of which something stands in the built pages, by the source maps of the build. @returns {Package[]} */
export function bundledPackages() {
  const entries = lock();
  const found = new Set();
  for (const map of globSync('out/renderer/**/*.map', { cwd: root })) {
    const { sources } = JSON.parse(readFileSync(join(root, map), 'utf8'));
    for (const source of sources) {
      const path = /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(source ?? '')?.[0];
      if (path) {
        found.add(path);
      }
    }
  }
  // Fonts are named by the style sheets and stand in no source map.
  for (const sheet of globSync('src-renderer/**/*.css', { cwd: root })) {
    for (const [, name] of readFileSync(join(root, sheet), 'utf8').matchAll(/url\('((?:@[^/']+\/)?[^./'][^/']*)\//g)) {
      found.add(`node_modules/${name}`);
    }
  }
  const shipped = new Set(shippedPackages().map(({ path }) => path));
  return [...found]
    .filter((path) => entries[path] !== undefined && !shipped.has(path))
    .map((path) => packageOf(path, entries[path]));
}

/** The text of a package's licence; undefined when it has no such file. @param {Package} one */
export function licenceText({ path }) {
  const folder = join(root, path);
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8');
}

/**
 * What the console shows under Licences: each package once and, apart from them, each text once.
 * @param {Package[]} packages
 */
export function licenceList(packages) {
  const places = new Map();
  const rows = packages
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
    .map((one) => {
      const text = licenceText(one)?.replaceAll('\r\n', '\n').trim();
      if (text !== undefined && !places.has(text)) {
        places.set(text, places.size);
      }
      return { name: one.name, version: one.version, licence: one.license ?? null, text: places.get(text) ?? null };
    });
  return { packages: rows, texts: [...places.keys()] };
}
