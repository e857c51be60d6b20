import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DroverError } from '#contract/errors';
import type { AuditVerdict } from './audit-log.ts';
import { prepareDataFolder } from './data-folder.ts';
import { flushFile, makeSchema } from './migrate.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { createFile } from './open-file.ts';
import { mend } from './salvage-mend.ts';
import { NotKept, readRows, type Row, type Table } from './salvage-rows.ts';
import { type Model, openSource, pageBytes, type Repair, type Source } from './salvage-source.ts';
import { type ArchiveOptions, openArchive } from './sqlite-archive.ts';
import { storageError } from './storage-error.ts';
import type { LogState } from './write-ahead-log.ts';

/** `dataDir` holds the damaged archive, which is only read; `into` gets the new one and must not hold any. */
export type SalvageOptions = ArchiveOptions & { readonly into: string };

type TableReport = {
  readonly table: string;
  /** Rows that are in the new archive. */
  readonly kept: number;
  /** Rows that could be read and hold what Drover never wrote. */
  readonly refused: number;
  /** Rows that could not be read; at most so many when not exact. */
  readonly lost: number;
  readonly isExact: boolean;
};

export type SalvageReport = {
  /** The new archive. */
  readonly file: string;
  /** Of the damaged one. */
  readonly schema: number;
  readonly repair: Repair;
  readonly log: LogState;
  readonly tables: readonly TableReport[];
  /** What was made anew because it could not be read, in words. */
  readonly madeAnew: readonly string[];
  /** Numbers of runs of which a part is missing, so that they cannot be shown whole. */
  readonly incompleteRuns: readonly number[];
  readonly audit: AuditVerdict;
};

/**
 * Saves what can be read of a damaged archive into a new one. The caller holds the lock of `dataDir`; nothing is written
 * there.
 *
 * @throws DroverError `archive-corrupt` when nothing can be read, `archive-newer`, `data-folder` when `into` holds an
 * archive or cannot hold one, `no-space`
 */
export function salvageArchive(options: SalvageOptions): SalvageReport {
  const into = prepareDataFolder(options.into);
  const file = join(into, 'archive.db');
  if (statSync(file, { throwIfNoEntry: false })) {
    throw new DroverError('data-folder', `The folder ${into} holds an archive already: name an empty one`);
  }
  const folder = mkdtempSync(join(into, '.salvage-'));
  try {
    const saved = fill(options, folder);
    renameSync(join(folder, 'archive.db'), file);
    const archive = openArchive({ ...options, dataDir: into });
    try {
      const audit = archive.verifyAudit();
      options.log.info('what could be read of a damaged archive was saved', { file, audit, tables: saved.tables });
      return { file, audit, ...saved };
    } finally {
      archive.close();
    }
  } catch (error) {
    throw storageError(error, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(options: SalvageOptions, folder: string): Omit<SalvageReport, 'file' | 'audit'> {
  const models = modelsOf(options);
  const damagedFile = join(options.dataDir, 'archive.db');
  const source = openSource({ file: damagedFile, folder, models });
  try {
    const { model, repair, log } = source;
    const file = join(folder, 'archive.db');
    createFile({ ...options, file, steps: stepsUpTo(options, model.version) });
    const target = new Database(file);
    try {
      target.pragma('journal_mode = MEMORY');
      target.pragma('foreign_keys = OFF');
      const tables = withoutTriggers(target, () =>
        model.tables.map((name) => copyTable({ source, target, fileBytes: statSync(damagedFile).size }, name)),
      );
      const mended = withoutTriggers(target, () => mend(target, tables));
      const problem = String(target.pragma('integrity_check(1)', { simple: true }));
      if (problem !== 'ok') {
        throw new Error(`the salvaged archive is not sound: ${problem}`);
      }
      return { schema: model.version, repair, log, tables, ...mended };
    } finally {
      target.close();
      flushFile(file);
    }
  } finally {
    source.db.close();
  }
}

const stepsUpTo = ({ steps = migrations }: SalvageOptions, version: number): readonly Migration[] =>
  steps.filter((step) => step.version <= version);

function modelsOf(options: SalvageOptions): [Model, ...Model[]] {
  const { steps = migrations } = options;
  const [newest, ...older] = steps.toReversed().map(({ version }) => modelAt(options, version));
  if (!newest) {
    throw new Error('a program without a schema');
  }
  return [newest, ...older];
}

function modelAt(options: SalvageOptions, version: number): Model {
  const db = new Database(':memory:');
  try {
    makeSchema(db, stepsUpTo(options, version), options.appVersion);
    const tables = db
      .prepare<[], string>(
        String.raw`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
          AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'run\_search\_%' ESCAPE '\' ORDER BY rowid`,
      )
      .pluck()
      .all();
    const pages = db.prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema'").pluck().all();
    const bytes = db.serialize();
    const schemaPages = new Map(pages.map((page) => [page, bytes.subarray((page - 1) * pageBytes, page * pageBytes)]));
    return { version, tables, schemaPages };
  } finally {
    db.close();
  }
}

/** The guards of the schema would refuse rows that do not begin at the beginning. */
function withoutTriggers<T>(db: Database.Database, act: () => T): T {
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  triggers.forEach(({ name }) => db.exec(`DROP TRIGGER "${name}"`));
  const result = act();
  triggers.forEach(({ sql }) => db.exec(sql));
  return result;
}

type Pair = { readonly source: Source; readonly target: Database.Database; readonly fileBytes: number };

/** Tables that a new archive has one row in already; it stays when none can be read. */
const planted = new Set(['node', 'teams', 'users', 'counters']);

function copyTable({ source, target, fileBytes }: Pair, name: string): TableReport {
  const { table, isNumbered } = shapeOf(target, name);
  const columns = [...(table.hasRowid && !isNumbered ? ['rowid'] : []), ...table.columns];
  const verb = table.hasRowid ? 'INSERT' : 'INSERT OR IGNORE';
  const insert = target.prepare<[Record<string, unknown>]>(
    `${verb} INTO "${name}" (${columns.map((column) => `"${column}"`).join(', ')})
     VALUES (${columns.map((column) => `@${column === 'rowid' ? 'salvaged_rowid' : column}`).join(', ')})`,
  );
  const counts = { kept: 0, refused: 0 };
  const keep = (row: Row): void => {
    try {
      counts.kept += insert.run(row).changes;
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !/^SQLITE_(CONSTRAINT|MISMATCH)/.test(error.code)) {
        throw new NotKept('a row could not be written', { cause: error });
      }
      counts.refused += 1;
    }
  };
  const early: Row[] = [];
  const take = planted.has(name) ? (row: Row): void => void early.push(row) : keep;
  const loss = target.transaction(() => {
    const found = readRows(source.db, table, { take, fileBytes });
    if (early.length > 0) {
      replacePlanted(target, name, () => {
        early.forEach(keep);
        return counts.kept > 0;
      });
    }
    return found;
  })();
  return { table: name, ...counts, ...loss };
}

/** Keeps the planted rows when `fill` says that it had nothing better. */
function replacePlanted(db: Database.Database, name: string, fill: () => boolean): void {
  db.exec(`SAVEPOINT planted; DELETE FROM "${name}"`);
  const isFilled = fill();
  db.exec(isFilled ? 'RELEASE planted' : 'ROLLBACK TO planted; RELEASE planted');
}

function shapeOf(db: Database.Database, name: string): { readonly table: Table; readonly isNumbered: boolean } {
  const columns = db
    .prepare<[string], { name: string; type: string; pk: number }>('SELECT name, type, pk FROM pragma_table_info(?)')
    .all(name);
  const keys = columns.filter(({ pk }) => pk > 0);
  const withoutRowid = db.prepare<[string], number>('SELECT wr FROM pragma_table_list(?)').pluck().get(name);
  return {
    table: { name, columns: columns.map((column) => column.name), hasRowid: withoutRowid === 0 },
    isNumbered: keys.length === 1 && keys[0]?.type === 'INTEGER',
  };
}
