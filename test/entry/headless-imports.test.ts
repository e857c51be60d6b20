import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needService } from '../support/services.ts';

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

describe.skipIf(needService('build').skip)('built bundles', () => {
  it.each(['cli.js', 'node.js'])('%s never reaches electron', (name) => {
    const packages = packagesReachedFrom(join(bundles, name));
    expect(packages).toContain('better-sqlite3');
    expect(packages.filter(isElectron)).toEqual([]);
  });

  it('electron.js reaches electron, so the search can find it', () => {
    expect(packagesReachedFrom(join(bundles, 'electron.js')).some(isElectron)).toBe(true);
  });
});
