import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  behind,
  chunk,
  hostRow,
  newArchive,
  open,
  recordingLog,
  refusal,
  result,
  running,
  start,
  testFolder,
} from './archive-fixture.ts';

describe('the archive beside other connections', () => {
  it('is read by another connection at any moment as it was after a commit', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive, 30);
    const reader = behind(folder, { readonly: true });
    const stored = reader.prepare<[], { lastSeq: number; counted: number }>(
      `SELECT last_seq AS lastSeq, (SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM log_chunks) AS counted FROM run_progress`,
    );
    reader.exec('BEGIN');
    expect(stored.get()).toEqual({ lastSeq: 0, counted: 0 });
    for (let host = 0; host < 30; host += 1) {
      archive.appendOutput(id, [chunk('a\nb\n', { host }), chunk('c\n', { host, stream: 'err' })]);
    }
    expect(stored.get()).toEqual({ lastSeq: 0, counted: 0 });
    reader.exec('COMMIT');
    expect(stored.get()).toEqual({ lastSeq: 90, counted: 90 });
  });

  it('says so when another program keeps it from writing', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = start(archive);
    const other = behind(folder);
    other.exec('BEGIN IMMEDIATE');
    const error = refusal(() => archive.startHost(id, 0, 1));
    expect(error).toMatchObject({ code: 'archive-locked' });
    other.exec('ROLLBACK');
    expect(archive.startHost(id, 0, 1)).toBe(true);
  });

  it('says when its file is damaged while it is in use', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = start(archive);
    behind(folder).exec(
      `UPDATE run_progress SET rev = rev; DROP TRIGGER run_inputs_identity; UPDATE run_inputs SET task = '{'`,
    );
    expect(refusal(() => archive.getDetail(id)).code).toBe('archive-corrupt');
  });
});

describe('a slow statement', () => {
  it('is logged by its name', () => {
    const log = recordingLog();
    const archive = newArchive({ log });
    start(archive, 30_000);
    expect(log.lines).toContainEqual({
      level: 'warn',
      message: 'slow statement',
      fields: { name: 'createRun', ms: expect.any(Number) },
    });
  });
});

describe('output that was committed without waiting for the disk', () => {
  const logDescriptors = (folder: string): number =>
    readdirSync('/proc/self/fd').filter((name) => {
      try {
        return readlinkSync(join('/proc/self/fd', name)) === join(folder, 'archive.db-wal');
      } catch {
        return false;
      }
    }).length;

  it.skipIf(process.platform !== 'linux')('is flushed soon afterwards, and nothing stays open in the end', async () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id } = running(archive);
    expect(logDescriptors(folder)).toBe(1);
    archive.appendOutput(id, [chunk('line\n')]);
    await vi.waitFor(() => expect(logDescriptors(folder)).toBe(2), { timeout: 10_000 });
    archive.appendOutput(id, [chunk('line\n', { firstN: 2 })]);
    archive.finishHost(id, 0, result());
    expect(hostRow(archive, id).out.lines).toBe(2);
    archive.close();
    await vi.waitFor(() => expect(logDescriptors(folder)).toBe(0), { timeout: 10_000 });
  });
});
