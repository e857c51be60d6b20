import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it.skipIf(process.platform !== 'linux')(
  'says at once that a data folder cannot be made, where Node itself would hang',
  () => {
    const words = [join(root, 'src-main/entry/cli.ts'), 'runs', '--data', '/proc/drover-test'];
    const { status, stderr } = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toContain('/proc/drover-test');
    expect(stderr).toMatch(/\[(data-folder|archive-read-only)\]/);
    expect(status).toBe(3);
  },
);
