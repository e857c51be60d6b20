import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { type Migration, migrations } from '#adapters/sqlite/migrations/index';
import type { PlannedHost } from '#core/ports';
import { behind, digestOfFile, find, open, recordingLog, refusal, start, testFolder } from './archive-fixture.ts';

/** Of the schema as it is shipped. */
const present = migrations.at(-1)?.version ?? 0;

const next: Migration = {
  version: present + 10,
  name: 'labels',
  sql: 'CREATE TABLE labels (no INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT; ALTER TABLE teams ADD COLUMN label TEXT;',
};
const failing: Migration = {
  version: present + 20,
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
    expect(db.pragma('user_version', { simple: true })).toBe(present);
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
    const versions = migrations.map(({ version }) => version);
    expect(versions.filter((version, at) => version % 10 !== 0 || version <= (versions[at - 1] ?? 0))).toEqual([]);
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
    expect(behind(folder, { readonly: true }).pragma('user_version', { simple: true })).toBe(next.version);
    expect(copiesIn(folder)).toEqual([`archive-v${present}-2027-01-02T03-04-05-006Z.db`]);
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
    expect(db.pragma('user_version', { simple: true })).toBe(next.version);
    expect(db.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'half'`).pluck().get()).toBe(0);
    expect(db.prepare('SELECT count(*) FROM labels').pluck().get()).toBe(0);
    db.close();
    expect(find(open(folder, { steps: steps.slice(0, -1) }), run.id)).toEqual(run);
  });
});

/** What a Drover that knew only the first step has left behind: one ended run on the machine itself, and a live one. */
const runsOfTheFirstStep = `
INSERT INTO counters (kind, value) VALUES ('runs', 2), ('steps', 2);
INSERT INTO runs
  (no, id, team_id, created_by, name, kind, task_type, language, summary, status, phase, reason, source, executor, selector,
   first_target, created_at)
SELECT value, 'run-' || value, users.team_id, users.id, 'nightly', 'quick', 'script', 'shell', 'uptime', 'pending', 'queued', '',
  'manual', '{"userId":"u","name":"owner","role":"owner","teams":[]}', 'local', 'local', 5
FROM users, json_each('[1, 2]');
INSERT INTO run_inputs (run_no, task, options, final_text, text_sha256, plan_sha256, left_alone)
SELECT no, '{"type":"script","text":"uptime"}', '{}', 'uptime', 'a', 'b', '[]' FROM runs;
INSERT INTO steps (no, id, team_id, created_by, run_no, ordinal, created_at)
SELECT no, 'step-' || no, team_id, created_by, no, 1, 5 FROM runs;
INSERT INTO run_progress
  (run_no, total, pending, running, success, failed, timeout, cancelled, skipped, unreachable, last_seq, output_bytes,
   omitted_bytes, packed_seq, packed, rev)
SELECT no, 1, 1 - (no = 1), 0, no = 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, no FROM runs;
INSERT INTO host_results
  (run_no, step_no, attempt, host, name, address, os, connection, status, message, out_lines, out_bytes, out_omitted,
   err_lines, err_bytes, err_omitted, rev)
SELECT no, no, 1, 0, 'local', 'localhost', 'linux', 'local', 'pending', '', 0, 0, 0, 0, 0, 0, no FROM runs;
UPDATE host_results SET status = 'running' WHERE run_no = 1;
UPDATE host_results SET status = 'success', exit_code = 0 WHERE run_no = 1;
UPDATE runs SET status = 'running' WHERE no = 1;
UPDATE runs SET status = 'success', phase = 'ok' WHERE no = 1;
`;

describe('an archive of the time before targets could be reached', () => {
  it('keeps its runs, their plans and results, and takes new ones', () => {
    const folder = testFolder();
    open(folder, { steps: migrations.slice(0, 1) }).close();
    const old = behind(folder);
    old.exec(runsOfTheFirstStep);
    expect(old.pragma('user_version', { simple: true })).toBe(10);
    old.close();

    const archive = open(folder);
    expect(copiesIn(folder)).toEqual([expect.stringMatching(/^archive-v10-/)]);
    expect(find(archive, 1)).toMatchObject({ id: 'run-1', status: 'success', counts: { total: 1, success: 1 } });
    expect(archive.getDetail('run-1')).toMatchObject({ finalText: 'uptime', task: { text: 'uptime' } });
    const plan: PlannedHost[] = [
      {
        host: 0,
        targetId: null,
        name: 'local',
        address: 'localhost',
        os: 'linux',
        connection: 'local',
        reach: null,
      },
    ];
    expect(archive.getPlan('run-1')).toEqual(plan);
    expect(archive.unendedRuns().map(({ run, hosts }) => [run.id, hosts])).toEqual([['run-2', plan]]);
    expect(archive.startHost('run-2', 0, 6)).toBe(true);
    expect(start(archive, 2).no).toBe(3);
    expect(archive.listTargets(archive.builtIn.teamId)).toEqual([]);
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
    expect(error.detail).toMatchObject({ needs: '3.4.5 or newer', schema: next.version, knownSchema: present });
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
    expect(behindVersion(files[0] ?? '')).toBe(present);
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
