import Database from 'better-sqlite3';
import { openArchive } from '#adapters/sqlite/sqlite-archive';
import { systemIds } from '#adapters/system/ids';
import type { DroverSite } from '../support/drover-process.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Reads the archive beside an engine that may be writing to it. */
function readArchive<T>({ archive }: DroverSite, read: (db: Database.Database) => T): T {
  const db = new Database(archive, { readonly: true, fileMustExist: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** `ok` when every page and index is whole. */
export const integrityOf = (site: DroverSite): unknown =>
  readArchive(site, (db) => db.pragma('integrity_check', { simple: true }));

/** What the audit log tells of a run, in the order in which it was written. */
export const auditOf = (site: DroverSite, runId: string): string[] =>
  readArchive(site, (db) =>
    db.prepare<[string], string>(`SELECT action FROM audit_log WHERE object_id = ? ORDER BY no`).pluck().all(runId),
  );

export const countRuns = (site: DroverSite): number =>
  readArchive(site, (db) => Number(db.prepare('SELECT count(*) FROM runs').pluck().get()));

/** Row from which on the chain of the audit log is broken, null when it holds; no engine may be running. */
export function brokenAudit({ data }: DroverSite): number | null {
  const archive = openArchive({
    dataDir: data,
    log: quiet,
    now: () => Date.now(),
    ids: systemIds,
    appVersion: '0.0.0',
  });
  try {
    return archive.verifyAudit().brokenAt;
  } finally {
    archive.close();
  }
}
