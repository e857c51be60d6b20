import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { DroverError } from '#contract/errors';
import type { SettingName } from '#contract/settings';
import type { ArchiveFacts, CopyFacts } from '#core/ports-doctor';
import { versionOf } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { isCheckedWhole, problemIn } from './open-file.ts';
import { storageError } from './storage-error.ts';

const busyMs = 5_000;
/** Since then the archive is copied by the day. */
const copiesSchema = 50;
/** Since then settings are kept. */
const settingsSchema = 30;
/** Since then credentials are. */
const targetsSchema = 20;

/** Looks through the archive of a data folder, also while an engine works on it, and changes nothing. Never throws. */
export function checkArchive(dataDir: string): ArchiveFacts {
  const file = join(dataDir, 'archive.db');
  const bytes = sizeOf(file);
  if (bytes === null) {
    return { kind: 'absent' };
  }
  try {
    return withArchive(dataDir, (db) => {
      const knownSchema = migrations.at(-1)?.version ?? 0;
      const schema = versionOf(db);
      if (schema > knownSchema) {
        return {
          kind: 'unusable',
          message: `It was written by a newer Drover (schema ${schema}); this knows ${knownSchema}`,
        };
      }
      const problem = problemIn(db, bytes, migrations);
      if (problem !== undefined) {
        return { kind: 'unusable', message: `The archive ${file} cannot be used: ${problem}` };
      }
      const number = (sql: string): number | null => db.prepare<[], number | null>(sql).pluck().get() ?? null;
      return {
        kind: 'sound',
        bytes,
        walBytes: sizeOf(`${file}-wal`) ?? 0,
        isWhole: isCheckedWhole(bytes),
        schema,
        knownSchema,
        runs: number('SELECT count(*) FROM runs') ?? 0,
        credentials: schema < targetsSchema ? 0 : (number('SELECT count(*) FROM credentials') ?? 0),
        newestAt: number('SELECT created_at FROM runs ORDER BY no DESC LIMIT 1'),
        minFreeShare: z.number().safeParse(setting(db, 'limits.minFreeShare')).data ?? null,
        copies: copyFacts(db),
      };
    });
  } catch (error) {
    return { kind: 'unusable', message: messageOf(error) };
  }
}

/** Reads the archive of a data folder with nothing but reading rights. Throws DroverError and what `read` throws. */
export function withArchive<T>(dataDir: string, read: (db: Database.Database) => T): T {
  const file = join(dataDir, 'archive.db');
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyMs });
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    return read(db);
  } catch (error) {
    throw storageError(error, file);
  } finally {
    db?.close();
  }
}

/** As somebody has set it; undefined when nobody has. */
function setting(db: Database.Database, name: SettingName): unknown {
  const find = 'SELECT value FROM settings WHERE name = ?';
  const text = versionOf(db) < settingsSchema ? undefined : db.prepare<[string], string | null>(find).pluck().get(name);
  return text ? (JSON.parse(text) as unknown) : undefined;
}

function copyFacts(db: Database.Database): CopyFacts {
  const at = z.string().safeParse(setting(db, 'copies.at')).data ?? '';
  if (versionOf(db) < copiesSchema) {
    return { at, lastMadeAt: null, failure: null };
  }
  const last = db
    .prepare<[], { state: string; message: string }>('SELECT state, message FROM copies ORDER BY no DESC LIMIT 1')
    .get();
  const made = "SELECT max(began_at) FROM copies WHERE state IN ('made', 'removed', 'gone')";
  const lastMadeAt = db.prepare<[], number | null>(made).pluck().get() ?? null;
  return { at, lastMadeAt, failure: last?.state === 'failed' ? last.message : null };
}

const sizeOf = (file: string): number | null => statSync(file, { throwIfNoEntry: false })?.size ?? null;

function messageOf(error: unknown): string {
  return error instanceof DroverError || error instanceof Error ? error.message : String(error);
}
