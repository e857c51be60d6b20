import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { migrations } from '#adapters/sqlite/migrations/index';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { needService } from '../../support/services.ts';
import {
  auditOf,
  behind,
  chunk,
  find,
  hostRow,
  open,
  recordingLog,
  refusal,
  result,
  running,
  start,
  testFolder,
  listed,
} from './archive-fixture.ts';
import { smallDisk } from './mounted-folder.ts';

/** Leaves nothing of the disk; returns how to give it back. */
function fill(folder: string): () => void {
  const file = join(folder, 'filler');
  const filler = openSync(file, 'a');
  for (let size = 1024 * 1024; size >= 512; size /= 2) {
    try {
      for (;;) {
        writeSync(filler, Buffer.alloc(size, 'x'));
      }
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
  fsyncSync(filler);
  closeSync(filler);
  return () => rmSync(file);
}

const block = Buffer.from(`${'x'.repeat(99)}\n`.repeat(640));

/** Appends until the disk is full; returns how many blocks were stored. */
function appendUntilFull(archive: SqliteArchive, id: string): number {
  for (let stored = 0; ; stored += 1) {
    try {
      archive.appendOutput(id, [chunk(block, { firstN: stored * 640 + 1 })]);
    } catch (error) {
      expect(error).toMatchObject({ code: 'no-space' });
      return stored;
    }
  }
}

describe('the reserve', () => {
  it('takes 16 MB of the disk for real, once', () => {
    const folder = testFolder();
    open(folder).close();
    const reserve = join(folder, 'reserve.bin');
    const { size, blocks, mtimeMs, mode } = statSync(reserve);
    expect(size).toBe(16 * 1024 * 1024);
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    expect(mode & 0o077).toBe(0);
    open(folder).close();
    expect(statSync(reserve).mtimeMs).toBe(mtimeMs);
  });

  it('is made anew when it is only a shell', () => {
    const folder = testFolder();
    open(folder).close();
    const reserve = join(folder, 'reserve.bin');
    rmSync(reserve);
    const sparse = openSync(reserve, 'w');
    writeSync(sparse, 'x', 16 * 1024 * 1024 - 1);
    closeSync(sparse);
    open(folder).close();
    expect(statSync(reserve).blocks * 512).toBeGreaterThanOrEqual(16 * 1024 * 1024);
  });
});

describe.skipIf(needService('tmpfs').skip)('a full disk', () => {
  it('costs output and new runs, never a state, a result or an audit row; all is as before when there is room again', async () => {
    const folder = smallDisk(64);
    const log = recordingLog();
    const archive = open(folder, { log });
    const reserve = join(folder, 'reserve.bin');
    expect(existsSync(reserve)).toBe(true);
    const { id } = running(archive, 200);
    const release = fill(folder);
    const stored = appendUntilFull(archive, id);
    expect(existsSync(reserve)).toBe(true);
    expect(refusal(() => start(archive, 2000)).message).toContain('is full: make room');
    expect(existsSync(reserve)).toBe(true);

    for (let host = 0; host < 200; host += 1) {
      expect(archive.finishHost(id, host, result({ message: 'm'.repeat(500) }))).toBe(true);
    }
    for (let n = 0; n < 50; n += 1) {
      archive.recordAudit({ ...auditOf(archive), detail: { text: 'y'.repeat(4000) } });
    }
    expect(existsSync(reserve)).toBe(false);
    expect(log.lines.map(({ message }) => message)).toContain(
      'the disk is full: the reserve of the archive was released',
    );
    const ended = archive.moveRun(id, 'running', { status: 'success', phase: 'ok' }, auditOf(archive));
    expect(ended).toMatchObject({ status: 'success', lastSeq: stored * 640, counts: { success: 200 } });

    release();
    const began = performance.now();
    expect(start(archive, 2000).counts.total).toBe(2000);
    expect(performance.now() - began).toBeLessThan(10_000);
    await vi.waitFor(
      () => {
        archive.recordAudit(auditOf(archive));
        expect(existsSync(reserve)).toBe(true);
      },
      { timeout: 20_000, interval: 100 },
    );
    archive.close();
    const again = open(folder);
    expect(find(again, id)).toMatchObject({ status: 'success', lastSeq: stored * 640 });
    expect(hostRow(again, id, 199)).toMatchObject({ status: 'success', message: 'm'.repeat(500) });
    expect(again.verifyAudit().brokenAt).toBeNull();
    expect(behind(folder, { readonly: true }).pragma('integrity_check', { simple: true })).toBe('ok');
  });

  it('is said when even the reserve is used up, and nothing is half written', () => {
    const folder = smallDisk(40);
    const archive = open(folder);
    const { id } = running(archive, 3);
    const release = fill(folder);
    let rows = archive.verifyAudit().rows;
    const failure = refusal(() => {
      for (;;) {
        archive.recordAudit({ ...auditOf(archive), detail: { text: 'y'.repeat(100_000) } });
        rows += 1;
      }
    });
    expect(failure.code).toBe('no-space');
    expect(rows).toBeGreaterThan(50);
    expect(archive.verifyAudit()).toMatchObject({ rows, brokenAt: null });
    const ended = refusal(() => {
      for (let host = 0; ; host += 1) {
        archive.finishHost(id, host % 3, result({ message: 'z'.repeat(2_000_000) }));
      }
    });
    expect(ended.code).toBe('no-space');
    const states = archive.getHosts(id, { after: -1, limit: 3 }).map(({ status }) => status);
    release();
    archive.close();
    const again = open(folder);
    expect(again.getHosts(id, { after: -1, limit: 3 }).map(({ status }) => status)).toEqual(states);
    expect(again.verifyAudit()).toMatchObject({ rows, brokenAt: null });
  });

  it('keeps nobody from opening what there is, at the price of the reserve', () => {
    const folder = smallDisk(40);
    const before = open(folder);
    const { id } = running(before, 2);
    before.appendOutput(id, [chunk('line\n')]);
    before.close();
    const release = fill(folder);
    const lock = takeArchiveLock(folder);
    expect(lock).toBeDefined();
    expect(readLockHolder(folder)).toBeUndefined();
    const log = recordingLog();
    const archive = open(folder, { log });
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      message: 'the disk is full: the reserve of the archive was released',
    });
    expect(archive.getLines(id, { limit: 9 }).map(({ text }) => text)).toEqual(['line']);
    expect(archive.finishHosts(id, ['running'], result({ status: 'failed', reason: 'lost' }))).toBe(2);
    expect(archive.moveRun(id, 'running', { status: 'failed', phase: 'lost' })?.status).toBe('failed');
    lock?.release();
    release();
  });

  it('lets nobody begin an archive that is not whole', () => {
    const folder = smallDisk(1);
    const release = fill(folder);
    expect(refusal(() => open(folder)).code).toBe('no-space');
    expect(existsSync(join(folder, 'archive.db'))).toBe(false);
    release();
    const log = recordingLog();
    const archive = open(folder, { log });
    expect(start(archive).no).toBe(1);
    expect(log.lines[0]).toMatchObject({ level: 'warn', message: 'too little room for the reserve of the archive' });
  });

  it('leaves an older archive as it was when there is no room for its copy', () => {
    const folder = smallDisk(40);
    const archive = open(folder);
    for (let n = 0; n < 40; n += 1) {
      start(archive, 50);
    }
    archive.close();
    rmSync(join(folder, 'reserve.bin'));
    const release = fill(folder);
    const steps = [...migrations, { version: 20, name: 'more', sql: 'CREATE TABLE more (a INTEGER) STRICT' }];
    expect(refusal(() => open(folder, { steps })).code).toBe('no-space');
    release();
    expect(listed(open(folder))).toHaveLength(40);
  });
});
