import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLog, type FileLog } from '#adapters/log/pino-log';

type Line = { readonly msg: string } & Record<string, unknown>;

function bench({ maxBytes = 0, keep = 3 } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'drover.log');
  const open = (): FileLog => createLog({ level: 'info', file: { path, rotation: { maxBytes, keep } } });
  const linesOf = (name: string): Line[] =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  return { folder, path, open, linesOf, names: () => readdirSync(folder).toSorted() };
}

const filler = 'x'.repeat(80);

describe('the log', () => {
  it('is put aside when it has grown, and so many files are kept, with no line lost or doubled', () => {
    const { open, names, linesOf, folder } = bench({ maxBytes: 2_000, keep: 3 });
    const log = open();
    for (let n = 1; n <= 60; n += 1) {
      log.info('line', { n, filler });
    }
    expect(names()).toEqual(['drover.log', 'drover.log.1', 'drover.log.2', 'drover.log.3']);
    const kept = ['drover.log.3', 'drover.log.2', 'drover.log.1', 'drover.log'].flatMap((name) =>
      linesOf(name).map(({ n }) => Number(n)),
    );
    expect(kept.at(-1)).toBe(60);
    expect(kept).toEqual(kept.map((_, at) => (kept[0] ?? 0) + at));
    for (const name of names()) {
      const { size, mode } = statSync(join(folder, name));
      expect(size).toBeLessThan(2_300);
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('counts what an earlier program has written, and drops all of it when no file is to be kept', () => {
    const { open, path, names, linesOf } = bench({ maxBytes: 1_000, keep: 0 });
    writeFileSync(path, `${'{}'.padEnd(990)}\n`);
    const log = open();
    log.info('last of the old file', { filler });
    log.info('first of the new one');
    expect(names()).toEqual(['drover.log']);
    expect(linesOf('drover.log').map(({ msg }) => msg)).toEqual(['first of the new one']);
  });

  it('stays as large as it gets when others are to rotate it, and goes on in a new file when they say so', () => {
    const { open, path, names, linesOf } = bench({ maxBytes: 0 });
    const log = open();
    log.info('before');
    renameSync(path, `${path}-20261128`);
    log.info('still in the old file');
    log.reopen();
    log.info('after');
    expect(names()).toEqual(['drover.log', 'drover.log-20261128']);
    expect(linesOf('drover.log-20261128').map(({ msg }) => msg)).toEqual(['before', 'still in the old file']);
    expect(linesOf('drover.log').map(({ msg }) => msg)).toEqual(['after']);
  });

  it.skipIf(process.getuid?.() === 0)('goes on where nothing can be renamed', () => {
    const { open, folder, linesOf } = bench({ maxBytes: 500, keep: 2 });
    const log = open();
    chmodSync(folder, 0o500);
    for (let n = 1; n <= 20; n += 1) {
      log.info('line', { n, filler });
    }
    chmodSync(folder, 0o700);
    expect(linesOf('drover.log')).toHaveLength(20);
  });

  it('does not fail when its folder has gone, and goes on when it is back', () => {
    const { open, folder, path } = bench({ maxBytes: 500, keep: 2 });
    const log = open();
    renameSync(folder, `${folder}-away`);
    for (let n = 1; n <= 20; n += 1) {
      log.info('line', { n, filler });
    }
    log.reopen();
    log.info('nowhere');
    renameSync(`${folder}-away`, folder);
    log.reopen();
    log.info('back');
    expect(readFileSync(path, 'utf8')).toContain('"msg":"back"');
  });

  it('never holds what stands in a field for a secret, however deep', () => {
    const { open, path } = bench();
    const log = open();
    const password = 'hunter2-hunter2';
    const error = Object.assign(new Error('refused'), { detail: { login: { password, keys: 3 } } });
    log.warn('a login was refused', { password, login: { password, user: 'anna' }, deep: { er: { token: password } } });
    log.error('unexpected error', { error, name: 'run.start' });
    const text = readFileSync(path, 'utf8');
    expect(text).not.toContain(password);
    expect(text.match(/\[left out\]/g)).toHaveLength(4);
    expect(text).toContain('"user":"anna"');
    expect(text).toContain('"stack":"Error: refused');
  });
});
