import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, root, textOf } from './source-tree.ts';

describe('list of task types', () => {
  const folder = 'src-main/task-types';

  it('imports from each folder beside it and from no other', () => {
    const folders = readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const imported = [...textOf(`${folder}/index.ts`).matchAll(/ from '\.\/([^/']+)\//g)].map(
      (match) => match[1] ?? '',
    );
    expect(folders.length).toBeGreaterThan(0);
    expect([...new Set(imported)].toSorted()).toEqual(folders.toSorted());
  });
});

describe('migrations', () => {
  const steps = filesBelow('src-main/adapters/sqlite/migrations').filter((path) => basename(path) !== 'index.ts');
  const names = steps.map((path) => basename(path)).toSorted();

  it('are numbered in steps of ten and say what they make', () => {
    expect(names.filter((name) => !/^\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
    const numbers = names.map((name) => Number(name.slice(0, 4)));
    expect(numbers.filter((number, at) => number % 10 !== 0 || number === numbers[at - 1])).toEqual([]);
  });

  it('all stand in the list, once', () => {
    const text = filesBelow('src-main/adapters/sqlite')
      .filter((path) => !steps.includes(path))
      .map(textOf)
      .join('\n');
    const listed = [...text.matchAll(/ from '\.\/(?:migrations\/)?(\d{4}-[^']+)'/g)].map((match) => match[1] ?? '');
    expect(listed.toSorted()).toEqual(names);
  });

  it('are what they were when they were shipped; a new one brings its hash', () => {
    const hashes = Object.fromEntries(
      steps.map((path) => [basename(path), createHash('sha256').update(textOf(path)).digest('hex')]),
    );
    expect(names.length).toBeGreaterThan(0);
    expect(hashes).toEqual(JSON.parse(textOf('test/hygiene/migration-hashes.json')));
  });
});
