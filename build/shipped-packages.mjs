// Which packages of npm a shipped Drover holds: those it loads, and those whose code was bundled into the pages.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-command.mjs';

/** @typedef {{ name: string, version: string, path: string, license: string | undefined }} Package */

const lock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const packageOf = (path, entry) => ({ name: nameOf(path), version: entry.version, path, license: entry.license });

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
