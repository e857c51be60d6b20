import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { behind, digestOfFile, open, recordingLog, refusal, start, testFolder, listed } from './archive-fixture.ts';
import {
  copyOf,
  crashedFiles,
  fileDamages,
  filled,
  logDamages,
  page,
  put,
  random,
  readAll,
  soundFiles,
} from './damages.ts';

describe('a damaged archive', () => {
  it('is refused or read whole, but never taken for an empty one, and a refused one stays as it is', () => {
    const folder = testFolder();
    const file = join(folder, 'archive.db');
    const sound = soundFiles();
    put(folder, sound);
    const first = open(folder);
    const whole = readAll(first);
    first.close();
    expect(whole).toEqual({ runs: 8, hosts: 96, lines: 8 * 12 * 41 });
    const outcomes = { refused: 0, foundWhileReading: 0, readWhole: 0 };
    for (let seed = 0; seed < 800; seed += 1) {
      const files = copyOf(sound);
      fileDamages[seed % fileDamages.length]?.(files, random(seed));
      put(folder, files);
      let archive: SqliteArchive | undefined;
      try {
        archive = open(folder);
        expect(readAll(archive), `seed ${seed}`).toEqual(whole);
        outcomes.readWhole += 1;
      } catch (error) {
        const code = error instanceof DroverError ? error.code : String(error);
        expect(['archive-corrupt', 'archive-newer', 'archive-read-only'], `seed ${seed}: ${code}`).toContain(code);
        if (archive) {
          outcomes.foundWhileReading += 1;
        } else {
          outcomes.refused += 1;
          expect(readFileSync(file).equals(files.db), `seed ${seed}`).toBe(true);
        }
      } finally {
        archive?.close();
      }
    }
    expect(outcomes.refused).toBeGreaterThan(400);
    expect(outcomes.readWhole).toBeGreaterThan(20);
  });

  it('is refused or opens sound and says what it lost, when its log is damaged', () => {
    const folder = testFolder();
    const crashed = crashedFiles();
    for (let seed = 0; seed < 200; seed += 1) {
      const files = copyOf(crashed);
      logDamages[seed % logDamages.length]?.(files, random(seed));
      put(folder, files);
      const log = recordingLog();
      let archive: SqliteArchive | undefined;
      try {
        archive = open(folder, { log });
        const { runs } = readAll(archive);
        expect(runs, `seed ${seed}`).toBeGreaterThanOrEqual(8);
        const isKept = log.lines.some(({ level }) => level === 'error');
        const isCut = (files.wal?.length ?? 0) < (crashed.wal?.length ?? 0);
        expect(runs === 11 || isKept || isCut, `seed ${seed}: ${runs} runs in silence`).toBe(true);
        const sound = behind(folder);
        expect(sound.pragma('integrity_check', { simple: true }), `seed ${seed}`).toBe('ok');
        sound.close();
      } catch (error) {
        expect(error, `seed ${seed}`).toMatchObject({ code: 'archive-corrupt' });
        expect(readFileSync(join(folder, 'archive.db')).equals(files.db), `seed ${seed}`).toBe(true);
      } finally {
        archive?.close();
      }
    }
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0), 'the file is empty'],
    ['zeros', () => Buffer.alloc(8192), 'not a database'],
    ['a text', () => Buffer.from('Dear diary\n'.repeat(1000)), 'not a database'],
    ['a single letter', () => Buffer.from('x'), 'it is not an archive of Drover'],
  ])('is told from %s', (_what, bytes, why) => {
    const folder = testFolder();
    const file = join(folder, 'archive.db');
    writeFileSync(file, bytes());
    const before = digestOfFile(file);
    const error = refusal(() => open(folder));
    expect(error.code).toBe('archive-corrupt');
    expect(error.message).toContain(why);
    expect(error.message).toContain('It was left as it is');
    expect(digestOfFile(file)).toBe(before);
  });

  it.each([
    ['another program’s file', 'CREATE TABLE notes (text)', 'it is not an archive of Drover'],
    ['an empty database', '', 'it is not an archive of Drover'],
    [
      'a file that only claims to be one',
      'PRAGMA application_id = 0x44525652; CREATE TABLE notes (text)',
      'there never was a schema 0',
    ],
    [
      'a file with tables of another make',
      'PRAGMA application_id = 0x44525652; PRAGMA user_version = 10; CREATE TABLE runs (no)',
      'is missing',
    ],
  ])('is told from %s', (_what, sql, why) => {
    const folder = testFolder();
    const file = join(folder, 'archive.db');
    // A page must be there, or SQLite leaves the file empty.
    new Database(file).exec(`PRAGMA user_version = 1; PRAGMA user_version = 0; ${sql}`).close();
    const before = digestOfFile(file);
    const error = refusal(() => open(folder));
    expect(error).toMatchObject({ code: 'archive-corrupt' });
    expect(error.message).toContain(why);
    expect(digestOfFile(file)).toBe(before);
  });

  it.each([
    ['a dropped table', 'DROP TABLE host_results', 'its table host_results is missing'],
    ['a dropped guard', 'DROP TRIGGER runs_final', 'its trigger runs_final is missing'],
    [
      'a changed table',
      'DROP TABLE sessions; CREATE TABLE sessions (no)',
      'its table sessions is not the one Drover made',
    ],
    ['a foreign trigger', 'CREATE TRIGGER spy AFTER INSERT ON runs BEGIN SELECT 1; END', 'it has a trigger spy'],
    ['a version that never was', 'PRAGMA user_version = 7', 'there never was a schema 7'],
    ['no user', 'PRAGMA foreign_keys = OFF; DELETE FROM users', 'its table users is empty'],
  ])('is known by %s', (_what, sql, why) => {
    const folder = testFolder();
    filled(folder);
    behind(folder).exec(sql).close();
    expect(refusal(() => open(folder)).message).toContain(why);
  });

  it('may have an index that somebody added', () => {
    const folder = testFolder();
    filled(folder);
    behind(folder).exec('CREATE INDEX mine ON runs (name); ANALYZE').close();
    expect(readAll(open(folder)).runs).toBe(8);
  });

  it('names the copy that can take its place', () => {
    const folder = testFolder();
    open(folder).close();
    const file = join(folder, 'archive.db');
    for (const name of [
      'archive-v20-2027-01-02T03-04-05-006Z.db',
      'archive-v10-2027-05-02T03-04-05-006Z.db',
      'archive-v9.db',
    ]) {
      copyFileSync(file, join(folder, name));
    }
    truncateSync(file, 5000);
    const error = refusal(() => open(folder));
    expect(error.message).toContain('the newest is archive-v10-2027-05-02T03-04-05-006Z.db');
    expect(error.detail?.['copies']).toHaveLength(2);
  });

  it('is not replaced by a new one when it is gone and something of it is left', () => {
    const folder = testFolder();
    filled(folder);
    const file = join(folder, 'archive.db');
    const copy = join(folder, 'archive-v10-2027-05-02T03-04-05-006Z.db');
    copyFileSync(file, copy);
    rmSync(file);
    expect(refusal(() => open(folder))).toMatchObject({ code: 'archive-corrupt' });
    expect(existsSync(file)).toBe(false);
    rmSync(copy);
    writeFileSync(`${file}-wal`, 'something');
    expect(refusal(() => open(folder)).message).toContain('archive.db-wal shows that there was one');
    rmSync(`${file}-wal`);
    expect(readAll(open(folder)).runs).toBe(0);
  });
});

describe('the log that a crash leaves', () => {
  /** The files of an archive as they stand while it is open, as a crash would leave them: runs 1–3 only in the log. */
  function crashed(): { folder: string; log: string } {
    const folder = testFolder();
    const archive = open(folder);
    start(archive, 5);
    start(archive, 5);
    start(archive, 5);
    const copy = testFolder();
    for (const name of ['archive.db', 'archive.db-wal']) {
      // This drops SQLite's locks on the first archive, which nobody uses any more.
      copyFileSync(join(folder, name), join(copy, name));
    }
    return { folder: copy, log: join(copy, 'archive.db-wal') };
  }

  const runsIn = (folder: string, log = recordingLog()): number => {
    const archive = open(folder, { log });
    return listed(archive).length;
  };

  it('is taken in whole, also when its index is gone', () => {
    const { folder } = crashed();
    const log = recordingLog();
    expect(runsIn(folder, log)).toBe(3);
    expect(log.lines).toEqual([]);
  });

  it('may end in the middle of a commit', () => {
    const { folder, log } = crashed();
    truncateSync(log, readFileSync(log).length - 1000);
    const lines = recordingLog();
    expect(runsIn(folder, lines)).toBe(2);
    expect(lines.lines).toEqual([]);
  });

  it('is not passed over when its beginning is damaged', () => {
    const { folder, log } = crashed();
    const bytes = readFileSync(log);
    for (const at of [0, 9, 17, 25]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(log, damaged);
      expect(refusal(() => open(folder))).toMatchObject({ code: 'archive-corrupt' });
      expect(readFileSync(log).equals(damaged)).toBe(true);
    }
    writeFileSync(log, bytes);
    expect(runsIn(folder)).toBe(3);
  });

  it.each([
    ['content', 24 + 500],
    ['mark', 9],
  ])('is kept beside the archive when the %s of a frame in its middle is damaged', (_what, offset) => {
    const { folder, log } = crashed();
    const bytes = readFileSync(log);
    const frame = 32 + Math.floor((bytes.length - 32) / (24 + page) / 2) * (24 + page);
    bytes[frame + offset] = (bytes[frame + offset] ?? 0) ^ 1;
    writeFileSync(log, bytes);
    const lines = recordingLog();
    expect(runsIn(folder, lines)).toBeLessThan(3);
    const [kept] = readdirSync(folder).filter((name) => name.endsWith('.damaged'));
    expect(readFileSync(join(folder, kept ?? '')).equals(bytes)).toBe(true);
    expect(lines.lines[0]).toMatchObject({ level: 'error', fields: { kept: join(folder, kept ?? '') } });
  });
});
