import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root, sourceFiles, textOf } from './source-tree.ts';

type Cruise = {
  modules: { source: string }[];
  summary: { violations: { from: string; to: string; rule: { name: string } }[] };
};

const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { layers: string } };
const rules = createRequire(import.meta.url)(join(root, 'build/layers.cjs')) as { forbidden: { name: string }[] };

/** What `npm run layers` sees in `folder`. */
function cruise(folder: string): Cruise {
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const done = spawnSync(`${scripts.layers} --output-type json`, {
    cwd: folder,
    shell: true,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, PATH: path },
  });
  return JSON.parse(done.stdout) as Cruise;
}

/** One breach of each rule; the rule that must notice it stands beside it. */
const breaches: { rule: string; files: Record<string, string> }[] = [
  {
    // Type-only on both edges: those count too. The cycle is reported once, from its first file in the alphabet.
    rule: 'no-circular',
    files: {
      'src-main/core/egg.ts': `import type { Hen } from './hen.ts';\nexport type Egg = { of: Hen };`,
      'src-main/core/hen.ts': `import type { Egg } from './egg.ts';\nexport type Hen = { of: Egg };`,
    },
  },
  {
    rule: 'no-unresolvable',
    files: { 'src-main/core/lost.ts': `import { x } from './nowhere.ts';\nexport const y = x;` },
  },
  {
    rule: 'contract-imports-only-zod',
    files: { 'src-main/contract/curious.ts': `import { simple } from '#core/simple';\nexport const x = simple;` },
  },
  {
    rule: 'core-is-pure',
    files: { 'src-main/core/impure.ts': `import { readFileSync } from 'node:fs';\nexport const x = readFileSync;` },
  },
  {
    rule: 'task-types-and-triggers-see-ports-only',
    files: { 'src-main/task-types/one/one.ts': `import { simple } from '#core/simple';\nexport const one = simple;` },
  },
  {
    rule: 'task-types-and-triggers-do-not-see-each-other',
    files: { 'src-main/task-types/two/two.ts': `import { one } from '../one/one.ts';\nexport const two = one;` },
  },
  {
    rule: 'api-sees-core-not-adapters',
    files: { 'src-main/api/hasty.ts': `import { left } from '#adapters/left/left';\nexport const x = left;` },
  },
  {
    rule: 'adapters-see-ports-contract-and-dispatcher-only',
    files: { 'src-main/adapters/left/knowing.ts': `import { simple } from '#core/simple';\nexport const x = simple;` },
  },
  {
    rule: 'adapters-do-not-see-each-other',
    files: {
      'src-main/adapters/right/right.ts': `import { left } from '../left/left.ts';\nexport const right = left;`,
    },
  },
  {
    rule: 'commands-see-the-contract-only',
    files: { 'src-main/cli/greedy.ts': `import { simple } from '#core/simple';\nexport const x = simple;` },
  },
  {
    rule: 'renderer-sees-only-the-contract',
    files: { 'src-renderer/deep.ts': `import { simple } from '#core/simple';\nexport const x = simple;` },
  },
  {
    rule: 'renderer-has-no-node',
    files: { 'src-renderer/system.tsx': `import { hostname } from 'node:os';\nexport const x = hostname;` },
  },
  {
    rule: 'preload-sees-electron-only',
    files: { 'src-preload/index.ts': `import { simple } from '../src-main/core/simple.ts';\nexport const x = simple;` },
  },
  {
    rule: 'electron-only-at-the-edge',
    files: { 'src-main/adapters/left/desktop.ts': `import { app } from 'electron';\nexport const x = app;` },
  },
  {
    rule: 'headless-never-reaches-electron',
    files: { 'src-main/entry/node.ts': `import { x } from '#adapters/left/desktop';\nexport const y = x;` },
  },
  {
    rule: 'only-compose-and-entries-pick-adapters',
    files: { 'src-main/config.ts': `import { left } from '#adapters/left/left';\nexport const x = left;` },
  },
];

const innocent = {
  'src-main/core/simple.ts': 'export const simple = 1;',
  'src-main/adapters/left/left.ts': 'export const left = 1;',
  'src-main/compose.ts': `import { left } from '#adapters/left/left';\nexport const x = left;`,
};

describe('layer check', () => {
  const tree = mkdtempSync(join(tmpdir(), 'drover-layers-'));
  afterAll(() => rmSync(tree, { recursive: true }));

  it('reads every source file', () => {
    const cruised = new Set(cruise(root).modules.map(({ source }) => source));
    const sources = sourceFiles().filter((path) => /\.tsx?$/.test(path));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((path) => !cruised.has(path))).toEqual([]);
  });

  it('has a breach here for each of its rules', () => {
    expect(breaches.map(({ rule }) => rule).toSorted()).toEqual(rules.forbidden.map(({ name }) => name).toSorted());
  });

  it('notices a breach of each rule and leaves the innocent alone', () => {
    for (const name of ['build/layers.cjs', 'package.json', 'tsconfig.base.json']) {
      cpSync(join(root, name), join(tree, name));
    }
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    for (const [name, text] of Object.entries(Object.assign({}, innocent, ...breaches.map(({ files }) => files)))) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), `${String(text)}\n`);
    }
    const noticed = cruise(tree).summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    const seeded = breaches.map(({ rule, files }) => `${rule}: ${Object.keys(files)[0] ?? ''}`);
    expect(noticed).toEqual(expect.arrayContaining(seeded));
    expect(noticed.filter((line) => Object.keys(innocent).some((name) => line.endsWith(name)))).toEqual([]);
  });
});
