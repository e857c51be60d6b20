import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import {
  auditOf,
  behind,
  chunk,
  digestOfFile,
  open,
  packAll,
  recordingLog,
  refusal,
  result,
  running,
  start,
  testFolder,
} from './archive-fixture.ts';

/** An archive with ended and live runs in it, closed. */
function filled(folder: string): void {
  const archive = open(folder);
  for (let n = 0; n < 8; n += 1) {
    const { id } = running(archive, 12);
    for (let host = 0; host < 12; host += 1) {
      archive.appendOutput(id, [
        chunk(`line of ${host}\n`.repeat(40), { host }),
        chunk('e\n', { host, stream: 'err' }),
      ]);
      archive.finishHost(id, host, result());
    }
    if (n % 2 === 0) {
      archive.moveRun(id, 'running', { status: 'success', phase: 'ok' }, auditOf(archive, 'run.end'));
      packAll(archive, id);
    }
  }
  archive.close();
}

type Known = { runs: number; hosts: number; lines: number };

/** Reads everything there is. */
function readAll(archive: SqliteArchive): Known {
  const runs = archive.listRuns(archive.builtIn.teamId, { limit: 500 });
  archive.unendedRuns();
  archive.verifyAudit();
  return runs.reduce(
    (sum, { id }) => {
      archive.getDetail(id);
      archive.getPlan(id);
      const hosts = archive.getHosts(id, { after: -1, limit: 1000 });
      return {
        runs: sum.runs + 1,
        hosts: sum.hosts + hosts.length,
        lines: sum.lines + archive.getLines(id, { limit: 10_000 }).length,
      };
    },
    { runs: 0, hosts: 0, lines: 0 },
  );
}

/** The same numbers for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below) | 0;
  };
}

const page = 4096;

/** One kind of damage each, at a place that the seed chooses. */
const damages: ((bytes: Buffer, below: (limit: number) => number) => Buffer)[] = [
  function bitInTheHeader(bytes, below) {
    const at = below(100);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return bytes;
  },
  function bitInAPageHeader(bytes, below) {
    const at = below(bytes.length / page) * page + below(12);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return bytes;
  },
  function bitInAPage(bytes, below) {
    const at = below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
    return bytes;
  },
  function pageOfZeros(bytes, below) {
    return bytes.fill(0, below(bytes.length / page) * page).subarray();
  },
  function onePageOfZeros(bytes, below) {
    const at = below(bytes.length / page) * page;
    return bytes.fill(0, at, at + page);
  },
  function pageOfNoise(bytes, below) {
    const at = below(bytes.length / page) * page;
    for (let each = at; each < at + page; each += 1) {
      bytes[each] = below(256);
    }
    return bytes;
  },
  function cutOff(bytes, below) {
    return bytes.subarray(0, 1 + below(bytes.length - 1));
  },
];

describe('a damaged archive', () => {
  it('is refused or read, but never taken for an empty one, and a refused one stays as it is', () => {
    const folder = testFolder();
    const file = join(folder, 'archive.db');
    filled(folder);
    const sound = readFileSync(file);
    const first = open(folder);
    const whole = readAll(first);
    first.close();
    expect(whole).toEqual({ runs: 8, hosts: 96, lines: 8 * 12 * 41 });
    const outcomes = { refused: 0, foundWhileReading: 0, readWhole: 0 };
    for (let seed = 0; seed < 210; seed += 1) {
      for (const part of ['-wal', '-shm']) {
        rmSync(`${file}${part}`, { force: true });
      }
      const damage = damages[seed % damages.length];
      const damaged = damage?.(Buffer.from(sound), random(seed)) ?? sound;
      writeFileSync(file, damaged);
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
          expect(readFileSync(file).equals(damaged), `seed ${seed}`).toBe(true);
        }
      } finally {
        archive?.close();
      }
    }
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(outcomes.readWhole).toBeGreaterThan(5);
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
    return archive.listRuns(archive.builtIn.teamId, { limit: 50 }).length;
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
