import { closeSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { DroverError } from '#contract/errors';
import { applicationId, flushFile } from './migrate.ts';
import { storageError } from './storage-error.ts';

/** What stands in a copy of an archive. */
export type ArchiveFacts = {
  readonly nodeId: string;
  /** Version of the schema. */
  readonly schema: number;
  readonly runs: number;
  readonly auditRows: number;
  /** Hash of the last row of the audit log, empty without rows. */
  readonly auditHead: string;
};

const busyMs = 30_000;

/**
 * Copies the archive at `file` to `to` as it stands in one moment, while an engine may go on writing to it. `to` must not
 * exist; it is on disk when this returns. Blocks until then, so it belongs into a process of its own.
 *
 * @throws DroverError `not-found` without an archive, `archive-corrupt`, `no-space`
 */
export function copyArchive(file: string, to: string): ArchiveFacts {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    throw new DroverError('not-found', `There is no archive ${file}: name its data folder with --data`);
  }
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyMs });
    try {
      // SQLite takes an empty file as its target; made here, nobody else may read it.
      closeSync(openSync(to, 'wx', 0o600));
      db.prepare('VACUUM INTO ?').run(to);
    } finally {
      db.close();
    }
    flushFile(to);
  } catch (error) {
    throw storageError(error, file);
  }
  return factsOf(to);
}

/** Reads a copy and checks that SQLite finds nothing wrong with it. @throws DroverError `archive-corrupt` */
export function factsOf(file: string): ArchiveFacts {
  try {
    const db = new Database(file, { readonly: true, fileMustExist: true });
    try {
      const problem = problemOf(db);
      if (problem !== undefined) {
        throw new DroverError('archive-corrupt', `The copy ${file} of the archive is not sound: ${problem}`);
      }
      const text = (sql: string): string => String(db.prepare<[], string | number>(sql).pluck().get() ?? '');
      const count = (table: string): number => Number(text(`SELECT count(*) FROM ${table}`));
      return {
        nodeId: text('SELECT id FROM node'),
        schema: Number(db.pragma('user_version', { simple: true })),
        runs: count('runs'),
        auditRows: count('audit_log'),
        auditHead: text('SELECT hash FROM audit_log ORDER BY no DESC LIMIT 1'),
      };
    } finally {
      db.close();
    }
  } catch (error) {
    throw storageError(error, file);
  }
}

function problemOf(db: Database.Database): string | undefined {
  if (Number(db.pragma('application_id', { simple: true })) !== applicationId) {
    return 'it is not an archive of Drover';
  }
  const found = String(db.pragma('integrity_check(1)', { simple: true }));
  return found === 'ok' ? undefined : found;
}
