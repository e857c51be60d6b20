import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Migration, migrations } from '#adapters/sqlite/migrations/index';
import { behind, digestOfFile, find, open, recordingLog, refusal, start, testFolder } from './archive-fixture.ts';

const next: Migration = {
  version: 20,
  name: 'labels',
  sql: 'CREATE TABLE labels (no INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT; ALTER TABLE teams ADD COLUMN label TEXT;',
};
const failing: Migration = {
  version: 30,
  name: 'failing',
  sql: `CREATE TABLE half (a INTEGER) STRICT; INSERT INTO labels (name) VALUES ('x'); SELECT no_such_function();`,
};

/** The version that the file by itself has, without its log. */
const behindVersion = (file: string): number => readFileSync(file).readUInt32BE(60);

const copiesIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith('archive-'));

describe('a new archive', () => {
  it('is a file of its own kind that only its owner may read', () => {
    const folder = testFolder();
    open(folder);
    const db = behind(folder, { readonly: true });
    expect(db.pragma('application_id', { simple: true })).toBe(0x44525652);
    expect(db.pragma('user_version', { simple: true })).toBe(10);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(statSync(join(folder, 'archive.db')).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'archive.db-wal')).mode & 0o077).toBe(0);
    expect(readdirSync(folder).toSorted()).toEqual(['archive.db', 'archive.db-shm', 'archive.db-wal', 'reserve.bin']);
  });

  it('has strict tables only', () => {
    const folder = testFolder();
    open(folder);
    const loose = behind(folder, { readonly: true })
      .prepare(
        `SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
      )
      .pluck()
      .all();
    expect(loose).toEqual([]);
  });

  it('is finished by the next start when the first was killed while it was made', () => {
    const folder = testFolder();
    new Database(join(folder, 'archive.db.part')).exec('CREATE TABLE half (a)').close();
    expect(start(open(folder)).no).toBe(1);
    expect(existsSync(join(folder, 'archive.db.part'))).toBe(false);
  });
});

describe('the steps of the schema', () => {
  it('rise in tens and have names of their own', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, at) => (at + 1) * 10));
    expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
  });
});

describe('an older archive', () => {
  it('is copied, then brought up to date, and loses nothing', () => {
    const folder = testFolder();
    const older = open(folder);
    const run = start(older, 3);
    older.close();
    const log = recordingLog();
    const newer = open(folder, {
      steps: [...migrations, next],
      appVersion: '0.2.0',
      log,
      now: () => Date.UTC(2027, 0, 2, 3, 4, 5, 6),
    });
    expect(find(newer, run.id)).toEqual(run);
    expect(start(newer).no).toBe(run.no + 1);
    expect(behind(folder, { readonly: true }).pragma('user_version', { simple: true })).toBe(20);
    expect(copiesIn(folder)).toEqual(['archive-v10-2027-01-02T03-04-05-006Z.db']);
    expect(log.lines.map(({ message }) => message)).toContain('the archive was copied before its schema changes');
    const copy = join(folder, copiesIn(folder)[0] ?? '');
    expect(statSync(copy).mode & 0o077).toBe(0);
    newer.close();

    const elsewhere = testFolder();
    new Database(copy, { readonly: true }).prepare('VACUUM INTO ?').run(join(elsewhere, 'archive.db'));
    const restored = open(elsewhere);
    expect(find(restored, run.id)).toEqual(run);
    expect(restored.verifyAudit()).toMatchObject({ rows: 1, brokenAt: null });
    expect(restored.nodeId).toBe(older.nodeId);
  });

  it('is copied once and not at every start', () => {
    const folder = testFolder();
    open(folder).close();
    const steps = [...migrations, next];
    open(folder, { steps }).close();
    open(folder, { steps }).close();
    expect(copiesIn(folder)).toHaveLength(1);
  });

  it('stays at the last whole step when the next one fails', () => {
    const folder = testFolder();
    const older = open(folder);
    const run = start(older);
    older.close();
    const steps = [...migrations, next, failing];
    expect(() => open(folder, { steps })).toThrow('no_such_function');
    const db = behind(folder, { readonly: true });
    expect(db.pragma('user_version', { simple: true })).toBe(20);
    expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM labels').pluck().get()).toBe(0);
    db.close();
    expect(find(open(folder, { steps: steps.slice(0, -1) }), run.id)).toEqual(run);
  });
});

describe('a newer archive', () => {
  it('is refused with the version it needs and stays as it is, byte for byte', () => {
    const folder = testFolder();
    const newer = open(folder, { steps: [...migrations, next], appVersion: '3.4.5' });
    start(newer, 4);
    newer.close();
    const before = digestOfFile(join(folder, 'archive.db'));
    const error = refusal(() => open(folder));
    expect(error.code).toBe('archive-newer');
    expect(error.message).toContain('needs Drover 3.4.5 or newer; this is 0.1.0');
    expect(error.detail).toMatchObject({ needs: '3.4.5 or newer', schema: 20, knownSchema: 10 });
    expect(digestOfFile(join(folder, 'archive.db'))).toBe(before);
    expect(copiesIn(folder)).toEqual([]);
    expect(start(open(folder, { steps: [...migrations, next], appVersion: '3.4.5' })).no).toBe(2);
  });

  it('is refused also when its newest changes stand in the log of a crash, which stays as well', () => {
    const [folder, crashed] = [testFolder(), testFolder()];
    open(folder).close();
    open(folder, { steps: [...migrations, next], appVersion: '3.4.5' });
    const files = ['archive.db', 'archive.db-wal'].map((name) => join(crashed, name));
    for (const file of files) {
      copyFileSync(join(folder, basename(file)), file);
    }
    const before = files.map(digestOfFile);
    expect(behindVersion(files[0] ?? '')).toBe(10);
    expect(refusal(() => open(crashed))).toMatchObject({ code: 'archive-newer', detail: { needs: '3.4.5 or newer' } });
    expect(files.map(digestOfFile)).toEqual(before);
  });

  it('is refused also when nothing of it can be understood', () => {
    const folder = testFolder();
    open(folder).close();
    const db = behind(folder);
    db.exec('DROP TABLE node');
    db.pragma('user_version = 990');
    db.close();
    const before = digestOfFile(join(folder, 'archive.db'));
    expect(refusal(() => open(folder)).message).toContain('needs Drover a newer version');
    expect(digestOfFile(join(folder, 'archive.db'))).toBe(before);
  });
});
