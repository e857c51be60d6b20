import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root, sourceFiles } from './source-tree.ts';

it('cruises every source file, so that a green layer check means something', () => {
  const words = ['depcruise', 'src-main', 'src-renderer', '--config', 'build/layers.cjs', '--output-type', 'json'];
  const { stdout } = spawnSync('npx', words, { cwd: root, encoding: 'utf8' });
  const { modules } = JSON.parse(stdout) as { modules: { source: string }[] };
  const cruised = new Set(modules.map(({ source }) => source));
  const sources = sourceFiles().filter((path) => /\.tsx?$/.test(path));
  expect(sources.length).toBeGreaterThan(0);
  expect(sources.filter((path) => !cruised.has(path))).toEqual([]);
});
