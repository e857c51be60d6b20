import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LicenceList } from '../../src-renderer/features/settings/read-licences.ts';
import { needService } from '../support/services.ts';

const file = fileURLToPath(new URL('../../out/renderer/licences.json', import.meta.url));

describe.skipIf(needService('build').skip)('the licences that the console shows', () => {
  const read = (): LicenceList => JSON.parse(readFileSync(file, 'utf8')) as LicenceList;

  it('are those of what the engine loads, of what was bundled into the pages and of the fonts, each once', () => {
    const { packages } = read();
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['fastify', 'ssh2', 'zod', 'react', '@mantine/core', 'monaco-editor', '@xterm/xterm']),
    );
    expect(names).toEqual(expect.arrayContaining(['@fontsource-variable/inter', '@fontsource/jetbrains-mono']));
    expect(names).not.toContain('typescript');
    expect(names).not.toContain('vitest');
    const rows = packages.map(({ name, version }) => `${name}@${version}`);
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('have a version and a name each, and most of them their text', () => {
    const { packages, texts } = read();
    expect(packages.filter(({ version, licence }) => version === '' || licence === null)).toEqual([]);
    expect(packages.filter(({ text }) => text !== null).length).toBeGreaterThan(packages.length * 0.9);
    expect(packages.every(({ text }) => text === null || (texts[text]?.length ?? 0) > 100)).toBe(true);
  });
});
