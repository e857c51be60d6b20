import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { withArchive } from './check-archive.ts';
import { versionOf } from './migrate.ts';
import { migrations } from './migrations/index.ts';

/** What an archive is made of, in numbers. */
export type ArchiveSummary = {
  readonly schema: number;
  readonly migrations: readonly string[];
  readonly bytes: Readonly<Record<string, number>>;
  readonly pages: { readonly size: number; readonly count: number; readonly free: number };
  readonly rows: Readonly<Record<string, number>>;
  readonly runs: {
    readonly byStatus: Readonly<Record<string, number>>;
    readonly bySource: Readonly<Record<string, number>>;
    readonly outputBytes: number;
    readonly omittedBytes: number;
    /** Milliseconds since 1970 UTC; null without runs. */
    readonly oldestAt: number | null;
    readonly newestAt: number | null;
  };
  /** What people have set, by name. */
  readonly settings: Readonly<Record<string, unknown>>;
};

const tables = [
  'runs',
  'host_results',
  'log_chunks',
  'audit_log',
  'targets',
  'credentials',
  'host_keys',
  'sessions',
  'copies',
  'sweeps',
];
const files = ['archive.db', 'archive.db-wal', 'archive.db-shm', 'reserve.bin'];

/** The numbers of the archive of a data folder; holds no texts and no names. Throws DroverError. */
export function archiveSummary(dataDir: string): ArchiveSummary {
  return withArchive(dataDir, (db) => {
    const schema = versionOf(db);
    const there = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
    const number = (sql: string): number => db.prepare<[], number | null>(sql).pluck().get() ?? 0;
    const pragma = (name: string): number => Number(db.pragma(name, { simple: true }));
    const time = (order: 'ASC' | 'DESC'): number | null =>
      db.prepare<[], number>(`SELECT created_at FROM runs ORDER BY no ${order} LIMIT 1`).pluck().get() ?? null;
    return {
      schema,
      migrations: migrations
        .filter(({ version }) => version <= schema)
        .map(({ version, name }) => `${version} ${name}`),
      bytes: Object.fromEntries(
        files.map((file) => [file, statSync(join(dataDir, file), { throwIfNoEntry: false })?.size ?? 0]),
      ),
      pages: { size: pragma('page_size'), count: pragma('page_count'), free: pragma('freelist_count') },
      rows: Object.fromEntries(
        tables.filter((name) => there.has(name)).map((name) => [name, number(`SELECT count(*) FROM ${name}`)]),
      ),
      runs: {
        byStatus: countsBy(db, 'status'),
        bySource: countsBy(db, 'source'),
        outputBytes: number('SELECT sum(output_bytes) FROM run_progress'),
        omittedBytes: number('SELECT sum(omitted_bytes) FROM run_progress'),
        oldestAt: time('ASC'),
        newestAt: time('DESC'),
      },
      settings: there.has('settings') ? settingsIn(db) : {},
    };
  });
}

type Pair = { readonly name: string; readonly value: number };

const countsBy = (db: Database, column: 'status' | 'source'): Record<string, number> =>
  Object.fromEntries(
    db
      .prepare<[], Pair>(`SELECT ${column} AS name, count(*) AS value FROM runs GROUP BY ${column}`)
      .all()
      .map(({ name, value }) => [name, value]),
  );

function settingsIn(db: Database): Record<string, unknown> {
  const rows = db.prepare<[], { name: string; value: string }>(
    'SELECT name, value FROM settings WHERE value IS NOT NULL ORDER BY name',
  );
  return Object.fromEntries(rows.all().map(({ name, value }) => [name, JSON.parse(value) as unknown]));
}

/** Of the targets that runs have met last; older ones stand in no log any more. */
const lastResults = 20_000;

/** Names and addresses of the machines that an archive knows. Throws DroverError. */
export function machineNames(dataDir: string): string[] {
  return withArchive(dataDir, (db) => {
    const there = new Set(db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all());
    const queries = [
      `SELECT name FROM (SELECT name FROM host_results ORDER BY id DESC LIMIT ${lastResults})`,
      `SELECT address FROM (SELECT address FROM host_results ORDER BY id DESC LIMIT ${lastResults})`,
      ...(there.has('targets') ? ['SELECT name FROM targets', 'SELECT address FROM targets'] : []),
      ...(there.has('host_keys') ? ['SELECT address FROM host_keys'] : []),
    ];
    return [...new Set(queries.flatMap((sql) => db.prepare<[], string>(sql).pluck().all()))];
  });
}
