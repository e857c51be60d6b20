import {
  accessSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { DroverError } from '#contract/errors';
import type { Ids, Log } from '#core/ports';
import {
  applicationId,
  copyBeside,
  flushFile,
  foreignSchema,
  makeSchema,
  makeShrinkable,
  migrate,
  versionOf,
} from './migrate.ts';
import type { Migration } from './migrations/index.ts';
import { copiesOf, damaged } from './rescue.ts';
import { storageError } from './storage-error.ts';
import { stateOfLog } from './write-ahead-log.ts';

export type FileOptions = {
  readonly file: string;
  readonly log: Log;
  readonly now: () => number;
  readonly ids: Pick<Ids, 'next'>;
  readonly appVersion: string;
  readonly steps: readonly Migration[];
};

/** Up to this size the whole file is checked at every start; it takes about half a millisecond per MB. */
const wholeCheckBytes = 256 * 1024 * 1024;
/** Up to this size also each index is held against its table, without which a row could be there and never be found. */
const indexCheckBytes = 64 * 1024 * 1024;

/**
 * Opens the archive for writing: makes it when there never was one, brings an older one up to date after copying it.
 * Nothing is written to a file that is damaged, foreign or newer.
 *
 * @throws DroverError `archive-corrupt`, `archive-newer`, `archive-read-only`, `archive-locked`, `no-space`
 */
export function openFile(options: FileOptions): Database.Database {
  const { file } = options;
  try {
    if (statSync(file, { throwIfNoEntry: false }) === undefined) {
      createFile(options);
    } else {
      examine(options);
    }
    return openChecked(options);
  } catch (error) {
    throw storageError(error, file);
  }
}

/**
 * Makes a new archive at `file`, where there never was one. Made under another name and renamed when complete: a file
 * named as the archive is never half an archive.
 *
 * @throws DroverError `archive-corrupt` when something of an archive is left there
 */
export function createFile(options: FileOptions): void {
  const { file } = options;
  refuseRemains(file);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  rmSync(`${part}-journal`, { force: true });
  closeSync(openSync(part, 'wx', 0o600));
  try {
    const db = new Database(part);
    try {
      makeSchema(db, options.steps, options.appVersion);
      plant(db, options);
    } finally {
      db.close();
    }
    flushFile(part);
    renameSync(part, file);
    flushFolder(dirname(file));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

function refuseRemains(file: string): void {
  const copies = copiesOf(file);
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (copies.length > 0 || (wal?.size ?? 0) > 0) {
    throw new DroverError(
      'archive-corrupt',
      `The archive ${file} is gone, but ${copies[0] ?? `${file}-wal`} shows that there was one: put it back, or move what is left of it away to begin a new archive`,
      { detail: { file, why: 'it is gone', copies } },
    );
  }
}

/** The node itself, its one team and its one user; their first numbers are 1. */
function plant(db: Database.Database, { ids, now, appVersion }: FileOptions): void {
  const at = now();
  const [nodeId, teamId, userId] = [ids.next(), ids.next(), ids.next()];
  db.transaction(() => {
    db.prepare('INSERT INTO node (one, id, number, needs_version, created_at) VALUES (1, ?, 0, ?, ?)').run(
      nodeId,
      appVersion,
      at,
    );
    db.prepare("INSERT INTO counters (kind, value) VALUES ('teams', 1), ('users', 1)").run();
    db.prepare('INSERT INTO teams (no, id, name, built_in, created_by, created_at) VALUES (1, ?, ?, 1, ?, ?)').run(
      teamId,
      'Default',
      userId,
      at,
    );
    db.prepare(
      'INSERT INTO users (no, id, team_id, name, built_in, created_by, created_at) VALUES (1, ?, ?, ?, 1, ?, ?)',
    ).run(userId, teamId, 'owner', userId, at);
  }).immediate();
}

/** Looks through a connection that cannot write, which leaves the file and its log as they are. */
function examine(options: FileOptions): void {
  const { file } = options;
  const { size } = statSync(file);
  if (size === 0) {
    throw damaged(file, 'the file is empty');
  }
  accessSync(file, constants.R_OK);
  examineLog(options);
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    harden(db);
    if (!isArchive(db)) {
      throw damaged(file, notOurs);
    }
    refuseNewer(db, options);
    const problem = problemIn(db, size, options.steps);
    if (problem !== undefined) {
      throw damaged(file, problem);
    }
  } finally {
    db.close();
  }
}

const notOurs = 'it is not an archive of Drover';

const isArchive = (db: Database.Database): boolean =>
  Number(db.pragma('application_id', { simple: true })) === applicationId;

/** What is wrong with an archive of `size` bytes, in a phrase; undefined when nothing is found. */
export function problemIn(db: Database.Database, size: number, steps: readonly Migration[]): string | undefined {
  return isArchive(db) ? (foreignSchema(db, steps) ?? firstProblem(db, size) ?? missingRow(db)) : notOurs;
}

/** Whether all of a file of `size` bytes is looked at, not only what every start needs. */
export const isCheckedWhole = (size: number): boolean => size <= wholeCheckBytes;

/** What SQLite would drop from a damaged log is kept beside it, for it may be all there is of some results. */
function examineLog({ file, log, now }: FileOptions): void {
  const logFile = `${file}-wal`;
  const state = stateOfLog(logFile);
  if (state === 'unreadable') {
    throw damaged(file, `its log ${logFile}, which holds the latest changes, is damaged`);
  }
  if (state === 'torn') {
    const kept = `${logFile}-${new Date(now()).toISOString().replaceAll(/[:.]/g, '-')}.damaged`;
    copyFileSync(logFile, kept);
    log.error('the log of the archive is damaged: what follows the damage is lost', { kept });
  }
}

function refuseNewer(db: Database.Database, { file, steps, appVersion }: FileOptions): void {
  const version = versionOf(db);
  const newest = steps.at(-1)?.version ?? 0;
  if (version > newest) {
    const needs = neededVersion(db);
    throw new DroverError(
      'archive-newer',
      `The archive ${file} was last opened by a newer Drover (schema ${version}) and needs Drover ${needs}; this is ${appVersion} (schema ${newest}). Nothing was changed`,
      { detail: { file, needs, schema: version, knownSchema: newest } },
    );
  }
  if (!steps.some((step) => step.version === version)) {
    throw damaged(file, `there never was a schema ${version}`);
  }
}

/** The column is promised to stay; what a file of unknown schema holds is tried, not trusted. */
function neededVersion(db: Database.Database): string {
  try {
    const needs = db.prepare('SELECT needs_version FROM node').pluck().get();
    return typeof needs === 'string' ? `${needs} or newer` : 'a newer version';
  } catch {
    return 'a newer version';
  }
}

function firstProblem(db: Database.Database, size: number): string | undefined {
  const checks =
    size <= indexCheckBytes
      ? ['integrity_check(1)']
      : size <= wholeCheckBytes
        ? ['quick_check(1)']
        : // Nothing that grows with the runs: a start must not take longer the more there are.
          ['node', 'counters', 'teams', 'users', 'sessions'].map((table) => `quick_check(${table})`);
  return checks.map((check) => String(db.pragma(check, { simple: true }))).find((answer) => answer !== 'ok');
}

function missingRow(db: Database.Database): string | undefined {
  return ['node', 'teams', 'users']
    .filter((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined)
    .map((table) => `its table ${table} is empty`)[0];
}

function openChecked(options: FileOptions): Database.Database {
  const { file, steps, now, log, appVersion } = options;
  accessSync(file, constants.W_OK);
  const db = new Database(file, { fileMustExist: true, timeout: 2_000 });
  try {
    harden(db);
    if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal') {
      throw new DroverError(
        'data-folder',
        `The file system of ${dirname(file)} cannot hold an archive (no shared memory)`,
      );
    }
    db.pragma('synchronous = FULL');
    // On macOS an ordinary flush leaves the data in the disk's cache.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('journal_size_limit = 67108864');
    db.pragma('foreign_keys = ON');
    // REPLACE must meet the triggers that forbid deleting.
    db.pragma('recursive_triggers = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('cache_size = -32768');
    if (versionOf(db) < (steps.at(-1)?.version ?? 0)) {
      copyBeside(db, file, { now: now(), log });
      migrate(db, steps, appVersion);
      makeShrinkable(db, log);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function harden(db: Database.Database): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('mmap_size = 67108864');
}

function flushFolder(folder: string): void {
  if (process.platform !== 'win32') {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}
