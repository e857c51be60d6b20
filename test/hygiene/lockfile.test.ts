import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { filesBelow, root, textOf } from './source-tree.ts';

const publicRegistry = ['registry', 'npmjs', 'org'].join('.');
const workFolder = ['', 'work', ''].join('/');

/** Hosts a package could have come from here; another machine has others. */
function registryHosts(): string[] {
  const configured = execFileSync('npm', ['config', 'get', 'registry'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // A name without a dot or port, as localhost, stands in too many honest files.
  return [publicRegistry, new URL(configured.trim()).host].filter((host) => /[.:]/.test(host));
}

describe('package-lock.json', () => {
  it('names no host, so that any registry serves it', () => {
    const lock = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    const withHost = Object.entries(lock.packages).filter(([, { resolved }]) => resolved?.includes('://'));
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(withHost).toEqual([]);
  });
});

describe('files', () => {
  it('name no registry and no folder of the machine they were written on', () => {
    const folder = root.split('/').length > 2 ? [`${root}/`] : [];
    const absoluteWork = new RegExp(`(?<![\\w.~$}-])${workFolder}`);
    const betrayals = [...registryHosts(), ...folder];
    // In a linked worktree git keeps the place of the repository in a file of this name.
    const own = filesBelow('').filter((path) => path !== '.git');
    const files = own.filter((path) => {
      const text = textOf(path);
      return absoluteWork.test(text) || betrayals.some((word) => text.includes(word));
    });
    expect(files).toEqual([]);
  });
});
