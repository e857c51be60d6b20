import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { needService } from '../support/services.ts';

const renderer = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const budgetKb = 180;

/** The files that a module imports as it stands, not those it fetches later. */
function importsOf(code: string): string[] {
  const found = code.matchAll(/\b(?:import|from)\s*["'](\.{1,2}\/[^"']+\.js)["']/g);
  return [...found].map(([, path = '']) => path);
}

/** All that must have come before the first page is drawn. */
function firstLoad(): Map<string, string> {
  const page = readFileSync(join(renderer, 'index.html'), 'utf8');
  const seen = new Map<string, string>();
  const take = (file: string): void => {
    if (!seen.has(file)) {
      const code = readFileSync(file, 'utf8');
      seen.set(file, code);
      importsOf(code).forEach((path) => take(join(dirname(file), path)));
    }
  };
  for (const [, path = ''] of page.matchAll(/(?:src|href)="([^"]+\.js)"/g)) {
    take(join(renderer, path));
  }
  return seen;
}

describe.skipIf(needService('build').skip)('the first load of the console', () => {
  it(`is at most ${budgetKb} kB of compressed code, without the editor and the terminal`, () => {
    const files = firstLoad();
    const sizes = [...files].map(([file, code]) => ({ file, bytes: gzipSync(code, { level: 9 }).length }));
    const kb = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000;
    process.stdout.write(`first load: ${kb.toFixed(1)} kB of gzip in ${files.size} files, at most ${budgetKb}\n`);
    expect(files.size).toBeGreaterThan(1);
    expect(kb).toBeLessThanOrEqual(budgetKb);
    const code = [...files.values()].join('');
    expect(code).not.toContain('xterm-helper-textarea"');
    expect(code).not.toContain('monaco-editor-background');
  });
});
