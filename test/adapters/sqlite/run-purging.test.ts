import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '#adapters/sqlite/migrations/index';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import type { DoomedRun } from '#core/ports-retention';
import {
  auditOf,
  behind,
  chunk,
  endAndPack,
  find,
  hostRow,
  listed,
  newArchive,
  open,
  result,
  running,
  start,
  testFolder,
} from './archive-fixture.ts';

/** A run that has ended and wrote `kilobytes` that cannot be packed. */
function ended(archive: SqliteArchive, kilobytes = 1) {
  const { id, no } = running(archive);
  for (let n = 0; n < kilobytes; n += 1) {
    const bytes = Buffer.from(Array.from({ length: 1_023 }, (_, at) => 33 + ((at * 7919 + n * 31 * at) % 90)));
    archive.appendOutput(id, [chunk(Buffer.concat([bytes, Buffer.from('\n')]), { firstN: n + 1 })]);
  }
  archive.finishHost(id, 0, result());
  archive.moveRun(id, 'running', { status: 'success', phase: 'ok', endedAt: 1_800_000_001_000 });
  return { id, no };
}

const doom = (no: number, rule: 'age' | 'count' | 'bytes' = 'age'): DoomedRun => ({
  no,
  bytes: 1_024,
  why: { rule, limit: 180 },
});

/** Steps until nothing is left; gives the ids of the runs that were done. */
function purgeAll(archive: SqliteArchive, doomed: readonly DoomedRun[], at = 1_900_000_000_000): string[] {
  const no = archive.beginSweep('anna', at);
  const ids: string[] = [];
  for (let next = 0; next < doomed.length;) {
    const step = archive.purge(doomed.slice(next), { no, at });
    next += step.done;
    ids.push(...step.runIds);
  }
  archive.endSweep({ at: at + 1, stopped: false }, () => auditOf(archive, 'retention.sweep'));
  return ids;
}

const chunksOf = (folder: string, no: number): unknown =>
  behind(folder, { readonly: true }).prepare('SELECT count(*) FROM log_chunks WHERE run_no = ?').pluck().get(no);

describe('removing output', () => {
  it('takes the output alone: the record, the results and their digests stay, and it says when and why', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id, no } = ended(archive, 3);
    const other = ended(archive);
    const [before, row] = [find(archive, id), hostRow(archive, id)];
    expect(purgeAll(archive, [doom(no, 'count')])).toEqual([id]);
    expect(find(archive, id)).toEqual({
      ...before,
      purged: { at: 1_900_000_000_000, rule: 'count', limit: 180 },
      rev: expect.any(Number),
    });
    expect(find(archive, id).rev).toBeGreaterThan(before.rev);
    expect(hostRow(archive, id)).toEqual(row);
    expect(archive.getDetail(id).finalText).toBe('uptime\n');
    expect(archive.getLines(id, { limit: 10 })).toEqual([]);
    expect(archive.getLines(other.id, { limit: 10 })).toHaveLength(1);
    expect(find(archive, other.id).purged).toBeNull();
    expect(chunksOf(folder, no)).toBe(0);
    expect(listed(archive).map((run) => run.no)).toEqual([other.no, no]);
  });

  it('lists what is kept newest first, page by page, live ones without an end', () => {
    const archive = newArchive();
    const first = ended(archive);
    const second = ended(archive);
    const live = running(archive);
    expect(archive.keptRuns(Number.MAX_SAFE_INTEGER, 2)).toEqual([
      { no: live.no, bytes: 0, endedAt: null },
      { no: second.no, bytes: 1_024, endedAt: 1_800_000_001_000 },
    ]);
    expect(archive.keptRuns(second.no, 2)).toMatchObject([{ no: first.no }]);
    purgeAll(archive, [doom(first.no)]);
    expect(archive.keptRuns(second.no, 2)).toEqual([]);
  });

  it('is refused by the archive itself for a live run, and removes nothing of it', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { id, no } = running(archive);
    archive.appendOutput(id, [chunk('one\n')]);
    expect(() => purgeAll(archive, [doom(no)])).toThrow('the output of a live run is kept');
    expect(archive.getLines(id, { limit: 1 })).toHaveLength(1);
    expect(find(archive, id).purged).toBeNull();
  });

  it('never happens without a mark, comes back, or says something else later', () => {
    const folder = testFolder();
    const archive = open(folder);
    const { no } = ended(archive);
    const db = behind(folder);
    const refused = (sql: string, why: string) => expect(() => db.exec(sql), sql).toThrow(why);
    refused('DELETE FROM log_chunks', 'rows of log_chunks are never deleted but by retention');
    refused('UPDATE run_progress SET kept = 0', 'there is output of this run yet');
    purgeAll(archive, [doom(no)]);
    refused('UPDATE run_progress SET kept = 1', 'removed output never comes back');
    refused('UPDATE run_progress SET purged_at = 5', 'when and why output was removed never changes');
    refused('UPDATE sweeps SET bytes = 0', 'a sweep that has ended never changes');
  });

  it('goes on in the middle of a run after a stop, and counts it once', () => {
    const folder = testFolder();
    const first = open(folder);
    const { id, no } = ended(first, 200);
    const db = behind(folder);
    db.exec(`UPDATE run_progress SET kept = 2, purged_at = 7, purge_rule = 'bytes', purge_limit = 9 WHERE run_no = ${no};
      DELETE FROM log_chunks WHERE id IN (SELECT id FROM log_chunks WHERE run_no = ${no} LIMIT 120)`);
    first.beginSweep('anna', 7);
    first.close();
    const archive = open(folder);
    const half = archive.halfPurged();
    expect(half).toMatchObject([{ no, bytes: 200 * 1_024, why: { rule: 'bytes', limit: 9 } }]);
    expect(purgeAll(archive, half)).toEqual([id]);
    expect(purgeAll(archive, half)).toEqual([]);
    expect(find(archive, id).purged).toEqual({ at: 7, rule: 'bytes', limit: 9 });
    expect(behind(folder).prepare('SELECT sum(by_bytes), sum(bytes) FROM sweeps').raw().get()).toEqual([1, 204_800]);
    expect(archive.lastSweep()).toMatchObject({ endedAt: 1_900_000_000_001 });
  });

  it('settles runs without output and neither marks nor audits them', () => {
    const archive = newArchive();
    const { id, no } = start(archive);
    archive.moveRun(id, 'pending', { status: 'failed', phase: 'refused', endedAt: 5 });
    const { rows } = archive.verifyAudit();
    expect(purgeAll(archive, [{ no, bytes: 0, why: null }])).toEqual([]);
    expect(find(archive, id).purged).toBeNull();
    expect(archive.keptRuns(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
    expect(archive.verifyAudit().rows).toBe(rows);
  });

  it('adds one audit row to a chain that stays whole', () => {
    const archive = newArchive();
    const runs = [ended(archive), ended(archive), ended(archive)];
    const { rows } = archive.verifyAudit();
    purgeAll(
      archive,
      runs.map(({ no }) => doom(no)),
    );
    expect(archive.verifyAudit()).toMatchObject({ rows: rows + 1, brokenAt: null });
  });

  it('does not wait for the packing of what it removes', () => {
    const archive = newArchive();
    const { id, no } = ended(archive);
    expect(archive.unpackedRuns(5)).toEqual([id]);
    purgeAll(archive, [doom(no)]);
    expect(archive.unpackedRuns(5)).toEqual([]);
    expect(archive.packOutput(id)).toBe(false);
    const packed = running(archive);
    archive.appendOutput(packed.id, [chunk('some line\n'.repeat(10_000))]);
    endAndPack(archive, packed.id);
    expect(purgeAll(archive, [doom(packed.no)])).toEqual([packed.id]);
  });
});

describe('the file of the archive', () => {
  const sizeOf = (folder: string): number => statSync(join(folder, 'archive.db')).size;

  /** Closed at once: whoever closes the archive last writes its log into it. */
  function modeOf(folder: string): unknown {
    const db = behind(folder, { readonly: true });
    try {
      return db.pragma('auto_vacuum', { simple: true });
    } finally {
      db.close();
    }
  }

  function fill(archive: SqliteArchive): number {
    const { id, no } = running(archive);
    for (let n = 0; n < 40; n += 1) {
      archive.appendOutput(id, [chunk(Buffer.alloc(1024 * 1024, 120 + (n % 3)), { firstN: n + 1 })]);
    }
    archive.finishHost(id, 0, result());
    archive.moveRun(id, 'running', { status: 'success', phase: 'ok', endedAt: 5 });
    return no;
  }

  it('becomes smaller, all but 16 MB that wait for the next output', () => {
    const folder = testFolder();
    const archive = open(folder);
    purgeAll(archive, [doom(fill(archive))]);
    while (archive.giveBack()) {
      // One step after the other, as the engine does it.
    }
    archive.close();
    expect(sizeOf(folder)).toBeLessThan(20 * 1024 * 1024);
    const again = open(folder);
    expect(find(again, 1).purged).toMatchObject({ rule: 'age' });
  });

  it('of the time before becomes one that can, when it is not large', () => {
    const folder = testFolder();
    const old = open(folder, { steps: migrations.filter(({ version }) => version < 50) });
    old.close();
    expect(modeOf(folder)).toBe(0);
    const archive = open(folder);
    expect(modeOf(folder)).toBe(2);
    purgeAll(archive, [doom(fill(archive))]);
    while (archive.giveBack()) {
      // One step after the other.
    }
    archive.close();
    expect(sizeOf(folder)).toBeLessThan(20 * 1024 * 1024);
  });
});
