import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { DroverError } from '#contract/errors';
import { salvageArchive, type SalvageReport } from '#adapters/sqlite/salvage';
import { auditOf, behind, digestOfFile, open, recordingLog, refusal, testFolder, listed } from './archive-fixture.ts';
import { copyOf, crashedFiles, fileDamages, type Files, page, put, random, readAll, soundFiles } from './damages.ts';

const salvage = (dataDir: string, into: string): SalvageReport =>
  salvageArchive({ dataDir, into, log: recordingLog(), now: Date.now, ids: { next: randomUUID }, appVersion: '0.1.0' });

/** Rows by table and key, each as text; what a salvage counts anew is left out. */
type Rows = Map<string, Map<string, string>>;

const counted = new Set(['counters', 'sqlite_sequence']);

function tablesOf(db: Database.Database): string[] {
  return db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'run_search%'",
    )
    .pluck()
    .all()
    .filter((name) => !counted.has(name));
}

function textOf(row: unknown): string {
  return JSON.stringify(row, (key, value: unknown) => (key === 'packed' ? undefined : value));
}

/** One row after the other, by the numbers that a sound archive has; what cannot be read is left out. */
function readEach(file: string, known: ReadonlyMap<string, readonly number[]>): Rows {
  const rows: Rows = new Map();
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true });
    for (const [table, numbers] of known) {
      const found = new Map<string, string>();
      rows.set(table, found);
      try {
        const statement = db.prepare(`SELECT * FROM "${table}" NOT INDEXED WHERE rowid = CAST(? AS INTEGER)`);
        for (const number of numbers) {
          readOne(() => found.set(String(number), textOf(statement.get(number))));
        }
      } catch {
        // The table is not to be found.
      }
    }
  } catch {
    // It cannot be opened.
  } finally {
    db?.close();
  }
  return rows;
}

function readOne(read: () => unknown): void {
  try {
    read();
  } catch {
    // Damaged.
  }
}

function numbersOf(file: string): Map<string, number[]> {
  const db = new Database(file, { readonly: true });
  const numbers = new Map(
    tablesOf(db).map((table) => [table, db.prepare<[], number>(`SELECT rowid FROM "${table}"`).pluck().all()]),
  );
  db.close();
  return numbers;
}

/** How many rows of `sound` are in `rows` unchanged. */
const same = (sound: Rows, rows: Rows): number =>
  [...sound].reduce(
    (sum, [table, found]) => sum + [...found].filter(([key, text]) => rows.get(table)?.get(key) === text).length,
    0,
  );

/** Those of `rows` that are as in `sound`. */
const intact = (sound: Rows, rows: Rows): Rows =>
  new Map(
    [...rows].map(([table, found]) => [
      table,
      new Map([...found].filter(([key, text]) => sound.get(table)?.get(key) === text)),
    ]),
  );

let sound: Files;
let numbers: ReadonlyMap<string, readonly number[]>;
let soundRows: Rows;

function prepare(): string {
  const folder = testFolder();
  sound ??= soundFiles();
  put(folder, sound);
  numbers ??= numbersOf(join(folder, 'archive.db'));
  soundRows ??= readEach(join(folder, 'archive.db'), numbers);
  return folder;
}

describe('what can be read of a damaged archive', () => {
  it('is all of a sound one, with its search and its chain', () => {
    const folder = prepare();
    const into = join(testFolder(), 'new');
    const before = digestOfFile(join(folder, 'archive.db'));
    const names = readdirSync(folder);
    const report = salvage(folder, into);
    expect(report.tables.filter(({ lost, refused }) => lost + refused > 0)).toEqual([]);
    expect(report).toMatchObject({ repair: 'nothing', log: 'none', incompleteRuns: [], madeAnew: [] });
    expect(report.audit.brokenAt).toBeNull();
    expect(same(soundRows, readEach(report.file, numbers))).toBe(same(soundRows, soundRows));
    const archive = open(into);
    expect(readAll(archive)).toEqual({ runs: 8, hosts: 96, lines: 8 * 12 * 41 });
    expect(listed(archive, { limit: 9, text: 'nightly' })).toHaveLength(8);
    expect(digestOfFile(join(folder, 'archive.db'))).toBe(before);
    expect(readdirSync(folder)).toEqual(names);
    expect(readdirSync(into).filter((name) => name.startsWith('.salvage'))).toEqual([]);
  });

  it('is at least 99 in 100 of the rows that can be read one by one, whatever the damage', () => {
    const folder = prepare();
    const place = testFolder();
    open(place).close();
    const reserve = join(place, 'reserve.bin');
    const sums = { sound: 0, readable: 0, saved: 0, all: 0, refused: 0 };
    for (let seed = 0; seed < 100; seed += 1) {
      const files = copyOf(sound);
      fileDamages[seed % fileDamages.length]?.(files, random(seed));
      put(folder, files);
      const before = digestOfFile(join(folder, 'archive.db'));
      const probe = join(place, `probe-${seed}`);
      mkdirSync(probe);
      put(probe, files);
      const readable = intact(soundRows, readEach(join(probe, 'archive.db'), numbers));
      const [rowsThere, into] = [same(readable, readable), join(place, `into-${seed}`)];
      mkdirSync(into);
      // An archive sets 16 MB of its disk aside; one such file does for all of these.
      linkSync(reserve, join(into, 'reserve.bin'));
      sums.sound += same(soundRows, soundRows);
      sums.readable += rowsThere;
      try {
        const saved = readEach(salvage(folder, into).file, numbers);
        const kept = same(readable, saved);
        expect(kept, `seed ${seed}`).toBeGreaterThanOrEqual(Math.ceil(rowsThere * 0.99));
        sums.saved += kept;
        sums.all += same(soundRows, saved);
      } catch (error) {
        expect(error, `seed ${seed}`).toMatchObject({ code: 'archive-corrupt' });
        expect(rowsThere, `seed ${seed}`).toBe(0);
        expect(existsSync(join(into, 'archive.db'))).toBe(false);
        sums.refused += 1;
      }
      expect(digestOfFile(join(folder, 'archive.db'))).toBe(before);
    }
    process.stdout.write(`salvage of 100 damaged archives: ${JSON.stringify(sums)}\n`);
    expect(sums.saved).toBeGreaterThanOrEqual(sums.readable * 0.99);
    expect(sums.all).toBeGreaterThan(sums.readable);
  });

  it.each([
    ['its header', 0, 100, 'header'],
    ['its first page', 0, page, 'schema'],
  ])('is all but nothing lost when %s is gone', (...[, from, to, repair]) => {
    const folder = prepare();
    const files = copyOf(sound);
    files.db.fill(0, from, to);
    put(folder, files);
    const report = salvage(folder, join(testFolder(), 'new'));
    expect(report.repair).toBe(repair);
    expect(same(soundRows, readEach(report.file, numbers))).toBe(same(soundRows, soundRows));
  });

  it('is counted when it is lost, with the runs that miss a part and the place where the chain breaks', () => {
    const folder = prepare();
    const probe = behind(folder, { readonly: true });
    const pageOf = (table: string): number =>
      probe
        .prepare<[string], number>(
          "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path LIMIT 1",
        )
        .pluck()
        .get(table) ?? 0;
    const pages = ['audit_log', 'log_chunks', 'run_inputs'].map(pageOf);
    probe.close();
    const files = copyOf(sound);
    pages.forEach((number) => files.db.fill(0xff, (number - 1) * page, number * page));
    put(folder, files);
    const report = salvage(folder, join(testFolder(), 'new'));
    const damaged = report.tables.filter(({ lost }) => lost > 0);
    expect(damaged.map(({ table }) => table)).toEqual(['run_inputs', 'log_chunks', 'audit_log']);
    for (const { table, kept, lost, isExact } of damaged) {
      expect(kept + lost, table).toBeGreaterThanOrEqual(numbers.get(table)?.length ?? 0);
      expect(!isExact || kept + lost === numbers.get(table)?.length, table).toBe(true);
    }
    expect(report.incompleteRuns.length).toBeGreaterThan(0);
    expect(report.audit.brokenAt).not.toBeNull();
  });

  it('is also what a crash has left in the log', () => {
    const folder = testFolder();
    put(folder, crashedFiles());
    const into = join(testFolder(), 'new');
    expect(salvage(folder, into)).toMatchObject({ log: 'whole', repair: 'nothing' });
    expect(readAll(open(into)).runs).toBe(11);
  });

  it('goes on as an archive: new runs get new numbers', () => {
    const folder = prepare();
    const probe = behind(folder);
    probe.exec('DROP TRIGGER counters_are_kept; DELETE FROM counters').close();
    const into = join(testFolder(), 'new');
    expect(salvage(folder, into).madeAnew).toContain('the counter runs');
    const archive = open(into);
    archive.recordAudit(auditOf(archive));
    expect(archive.verifyAudit().brokenAt).toBeNull();
  });
});

describe('a salvage', () => {
  it('is refused when the folder that it is to fill has an archive', () => {
    const folder = prepare();
    expect(refusal(() => salvage(folder, folder)).code).toBe('data-folder');
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'there is nothing in it that could be saved'],
    ['a text', Buffer.from('Dear diary\n'.repeat(1_000)), 'nothing in it can be read'],
  ])('of %s is refused and leaves nothing behind', (_what, bytes, why) => {
    const [folder, into] = [testFolder(), testFolder()];
    writeFileSync(join(folder, 'archive.db'), bytes);
    const error = refusal(() => salvage(folder, into));
    expect(error.code).toBe('archive-corrupt');
    expect(error.message).toContain(why);
    expect(readdirSync(into)).toEqual([]);
  });

  it('of another program’s file or a newer archive is refused', () => {
    const [folder, into] = [testFolder(), testFolder()];
    const file = join(folder, 'archive.db');
    const db = new Database(file).exec("CREATE TABLE notes (text); INSERT INTO notes VALUES ('x')");
    db.close();
    expect(refusal(() => salvage(folder, into)).message).toContain('it is not an archive of Drover');
    put(folder, (sound ??= soundFiles()));
    behind(folder).exec('CREATE TABLE later (no INTEGER PRIMARY KEY); PRAGMA user_version = 9000').close();
    expect(refusal(() => salvage(folder, into))).toBeInstanceOf(DroverError);
    expect(refusal(() => salvage(folder, into)).code).toBe('archive-newer');
  });
});
