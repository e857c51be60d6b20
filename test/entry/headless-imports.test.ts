import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const bundles = resolve(import.meta.dirname, '../../out/main');
const specifier = /\b(?:from|import|require|import\.meta\.resolve)\s*\(?\s*(["'`])([^"'`\n]+)\1/g;

/** Names of packages that `file` imports, itself or through the chunks beside it. */
function packagesReachedFrom(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) {
    return [];
  }
  seen.add(file);
  return [...readFileSync(file, 'utf8').matchAll(specifier)].flatMap(([, , name = '']) => {
    if (!name.startsWith('.')) {
      return [name];
    }
    const next = join(dirname(file), name);
    return existsSync(next) ? packagesReachedFrom(next, seen) : [];
  });
}

const isElectron = (name: string): boolean => name === 'electron' || name.startsWith('electron/');

const isBuilt = existsSync(bundles);
// Where everything is proved, a missing build is a failure and no reason to skip.
const isSkipped = !isBuilt && process.env['CI'] !== 'true';
if (isSkipped) {
  process.stderr.write('skipped: test/entry/headless-imports.test.ts: needs a build (npm run build)\n');
}

describe.skipIf(isSkipped)('built bundles', () => {
  it.each(['cli.js', 'node.js'])('%s never reaches electron', (name) => {
    const packages = packagesReachedFrom(join(bundles, name));
    expect(packages).toContain('better-sqlite3');
    expect(packages.filter(isElectron)).toEqual([]);
  });

  it('electron.js reaches electron, so the search can find it', () => {
    expect(packagesReachedFrom(join(bundles, 'electron.js')).some(isElectron)).toBe(true);
  });
});
