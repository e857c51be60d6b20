import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readImportSources } from '#adapters/system/import-sources';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

it('gives the lists in the usual places, each with its format', async () => {
  write('home/.ssh/config', 'Host web1\n');
  write('etc/ansible/hosts', '[web]\nweb2\n');
  expect(await readImportSources(join(folder, 'home'), join(folder, 'etc'))).toEqual([
    { path: '~/.ssh/config', format: 'ssh-config', text: 'Host web1\n' },
    { path: '/etc/ansible/hosts', format: 'ansible-ini', text: '[web]\nweb2\n' },
  ]);
});

it('leaves out what is not there, is empty, is no file or is longer than an import takes', async () => {
  const read = (): ReturnType<typeof readImportSources> => readImportSources(join(folder, 'home'), join(folder, 'etc'));
  expect(await read()).toEqual([]);
  write('home/.ssh/config', ' \n');
  mkdirSync(join(folder, 'etc/ansible/hosts'), { recursive: true });
  expect(await read()).toEqual([]);
  write('home/.ssh/config', 'x'.repeat(5_000_001));
  expect(await read()).toEqual([]);
});
