import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerOf, prefixOf, thisProcess, type Owner } from '#adapters/local/directory-owner';
import { createLocalExec } from '#adapters/local/local-exec';
import { PrivateDirectory, sweepDirectories } from '#adapters/local/private-directory';
import { CollectingLog } from '../../support/fakes/collecting-log.ts';

describe('the sweep of old private directories', () => {
  const log = new CollectingLog();
  const self = thisProcess();
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'drover-sweep-'));
  });
  afterAll(() => rmSync(place, { recursive: true }));

  const directoryOf = (owner: Owner): string => {
    const path = join(place, `${prefixOf(owner)}aB3xY9`);
    mkdirSync(path);
    writeFileSync(join(path, 'script'), 'secret');
    return path;
  };
  const sweep = (): Promise<void> => sweepDirectories({ places: [join(place, 'missing'), place], self, log });

  async function deadPid(): Promise<number> {
    const child = spawn('true');
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  it('removes those of a process that is gone', async () => {
    const path = directoryOf({ ...self, pid: await deadPid(), born: 1 });
    await sweep();
    expect(existsSync(path)).toBe(false);
  });

  it('removes those of a process whose number is another’s now', async () => {
    const path = directoryOf({ ...self, born: self.born - 1 });
    await sweep();
    expect(existsSync(path)).toBe(false);
  });

  it('removes those of an earlier boot', async () => {
    const path = directoryOf({ ...self, boot: '00000000' });
    await sweep();
    expect(existsSync(path)).toBe(false);
  });

  it('leaves those of a living process, of another machine, and whatever only looks alike', async () => {
    const living = await PrivateDirectory.make([{ name: 'script', content: '' }], { places: [place], self, log });
    const target = join(place, 'target');
    mkdirSync(target);
    const link = join(place, `${prefixOf({ ...self, boot: '00000000' })}linked`);
    symlinkSync(target, link);
    const kept = [
      living.path ?? '',
      directoryOf({ ...self, machine: '00000000', boot: '00000000', pid: await deadPid() }),
      link,
      target,
    ];
    await sweep();
    expect(kept.filter((path) => !existsSync(path))).toEqual([]);
    await living.remove();
    expect(existsSync(kept[0] ?? '')).toBe(false);
    expect(log.entries).toEqual([]);
  });

  it('happens when local execution is set up', async () => {
    const path = directoryOf({ ...self, pid: await deadPid(), born: 2 });
    createLocalExec({ log, places: [place] });
    await expect.poll(() => existsSync(path)).toBe(false);
  });

  it('knows its own names only', () => {
    expect(ownerOf(`${prefixOf(self)}aB3xY9`)).toEqual(self);
    expect(ownerOf('.drover-run-old')).toBeUndefined();
    expect(ownerOf(`${prefixOf(self)}aB3xY9.txt`)).toBeUndefined();
  });
});
