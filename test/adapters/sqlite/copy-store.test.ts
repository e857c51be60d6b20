import { describe, expect, it } from 'vitest';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { auditOf, newArchive, open, testFolder } from './archive-fixture.ts';

const begin = (archive: SqliteArchive, file: string, dueAt: number | null = null): number =>
  archive.beginCopy({ dueAt, at: 10, askedBy: 'anna', folder: '/copies', file, withKey: false });

const end = (archive: SqliteArchive, no: number, ok = true): void =>
  archive.endCopy(
    no,
    { at: 20, made: ok ? { bytes: 7, createdAt: 15 } : null, message: ok ? '' : 'The disk is full' },
    auditOf(archive, 'copy.make'),
  );

describe('the list of copies', () => {
  it('knows those that are kept, newest first, of one folder', () => {
    const archive = newArchive();
    const one = begin(archive, 'a.zip', 1);
    end(archive, one);
    const second = begin(archive, 'b.zip', 2);
    end(archive, second);
    const third = begin(archive, 'c.zip', 3);
    end(archive, third, false);
    expect(archive.keptCopies('/copies')).toEqual([
      { no: second, file: '/copies/b.zip', createdAt: 15 },
      { no: one, file: '/copies/a.zip', createdAt: 15 },
    ]);
    expect(archive.keptCopies('/elsewhere')).toEqual([]);
    archive.markCopy(one, 'removed');
    expect(archive.keptCopies('/copies').map(({ no }) => no)).toEqual([second]);
    expect(archive.listCopies(2)).toMatchObject([
      { no: third, state: 'failed', message: 'The disk is full', bytes: null },
      { no: second, state: 'made', bytes: 7, withKey: false, file: '/copies/b.zip' },
    ]);
  });

  it('tells the latest time that was served, which a failed copy does not', () => {
    const archive = newArchive();
    expect(archive.lastCopyDue()).toBe(0);
    end(archive, begin(archive, 'a.zip', 100));
    end(archive, begin(archive, 'b.zip', 200), false);
    expect(archive.lastCopyDue()).toBe(100);
  });

  it('holds one that is being made at the most, and names it when the engine had ended', () => {
    const folder = testFolder();
    const first = open(folder);
    begin(first, 'a.zip');
    expect(() => begin(first, 'b.zip')).toThrow('UNIQUE');
    first.close();
    const archive = open(folder);
    expect(archive.dropBrokenCopies(30, 'The engine ended')).toEqual(['/copies/a.zip']);
    expect(archive.dropBrokenCopies(30, 'The engine ended')).toEqual([]);
    expect(archive.listCopies(1)).toMatchObject([{ state: 'failed', message: 'The engine ended', endedAt: 30 }]);
    end(archive, begin(archive, 'b.zip'));
    expect(archive.verifyAudit()).toMatchObject({ rows: 1, brokenAt: null });
  });
});
