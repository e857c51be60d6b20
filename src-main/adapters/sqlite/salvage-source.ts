import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DroverError } from '#contract/errors';
import { applicationId, versionOf } from './migrate.ts';
import { damaged } from './rescue.ts';
import { type LogState, stateOfLog } from './write-ahead-log.ts';

/** What had to be put in the place of damaged parts of the copy before anything could be read. */
export type Repair = 'nothing' | 'header' | 'schema';

/** A copy of the damaged file, readable as far as that can be had. Whoever opens it closes it. */
export type Source = {
  readonly db: Database.Database;
  readonly model: Model;
  readonly repair: Repair;
  /** How its log, which holds the latest changes, was found; what follows the damage of a torn one is lost. */
  readonly log: LogState;
};

/** What a new archive of one schema is like. */
export type Model = {
  readonly version: number;
  /** All that hold rows, in the order in which they were made. */
  readonly tables: readonly string[];
  /** The pages that say where the tables lie, by number from 1; the first begins with the header. */
  readonly schemaPages: ReadonlyMap<number, Buffer>;
};

type Needs = {
  readonly file: string;
  readonly folder: string;
  /** Newest schema first. */
  readonly models: readonly [Model, ...Model[]];
};

export const pageBytes = 4096;
const headerBytes = 100;

/** Where the header has what differs from archive to archive. */
const at = { format: 18, changes: 24, pages: 28, free: 32, version: 60, validFor: 92 };

/**
 * Copies the archive into `folder` and opens the copy: as it is, else with the header of a new archive, else with all
 * pages that say where the tables are, which are the same in every archive that was made by one schema.
 *
 * @throws DroverError `archive-corrupt` when nothing in it can be read or it is another program's, `archive-newer`
 */
export function openSource({ file, folder, models }: Needs): Source {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < headerBytes) {
    throw damaged(file, 'there is nothing in it that could be saved');
  }
  const copy = new Copy(file, join(folder, 'damaged.db'));
  const log = copy.takeLog(`${file}-wal`);
  let best: { readonly repair: Repair; readonly model: Model; readonly score: number } | undefined;
  for (const { repair, model } of attemptsOver(copy, models)) {
    copy.apply(repair, model);
    const score = copy.look((db) => {
      refuseOthers(db, { file, models });
      return readableTables(db, model);
    });
    if (score > (best?.score ?? 0)) {
      best = { repair, model, score };
    }
    if (score === model.tables.length) {
      break;
    }
  }
  if (!best) {
    throw damaged(file, 'nothing in it can be read');
  }
  const { repair, model } = best;
  copy.apply(repair, model);
  return { db: copy.open(), model, repair, log };
}

type Attempt = { readonly repair: Repair; readonly model: Model };

/** Only where the header names no schema that there ever was is each of them tried. */
function attemptsOver(copy: Copy, models: readonly [Model, ...Model[]]): Attempt[] {
  const version = copy.claimedVersion();
  const named = models.find((model) => model.version === version);
  const likely = named ?? models[0];
  return [
    { repair: 'nothing', model: likely },
    { repair: 'header', model: likely },
    ...(named ? [named] : models).map((model) => ({ repair: 'schema' as const, model })),
  ];
}

/** The copy that is repaired; the file itself is only read. */
class Copy {
  readonly #path: string;
  #pages: number;
  readonly #before = new Map<number, Buffer>();

  constructor(file: string, path: string) {
    copyFileSync(file, path);
    this.#path = path;
    this.#pages = Math.ceil(statSync(path).size / pageBytes);
    truncateSync(path, this.#pages * pageBytes);
  }

  takeLog(file: string): LogState {
    const state = stateOfLog(file);
    if (state !== 'none') {
      copyFileSync(file, `${this.#path}-wal`);
    }
    return state;
  }

  claimedVersion(): number {
    return this.#read(1).readUInt32BE(at.version);
  }

  /** Undoes what was applied before. */
  apply(repair: Repair, model: Model): void {
    this.#before.forEach((bytes, page) => this.#write(page, bytes));
    this.#before.clear();
    if (repair === 'header') {
      const page = Buffer.from(this.#read(1));
      this.#headerOf(model).copy(page, 0, 0, headerBytes);
      this.#replace(1, page);
    } else if (repair === 'schema') {
      model.schemaPages.forEach((bytes, page) => this.#replace(page, Buffer.from(bytes)));
      const page = Buffer.from(this.#read(1));
      this.#headerOf(model).copy(page, 0, 0, headerBytes);
      this.#write(1, page);
    }
    this.#mergeLog();
  }

  /** @throws SqliteError */
  open(): Database.Database {
    const db = new Database(this.#path, { fileMustExist: true });
    // Without it one unreadable part of the schema would hide all of it.
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    db.pragma('query_only = ON');
    return db;
  }

  /** What `look` says of the copy, 0 when it cannot be opened. */
  look(look: (db: Database.Database) => number): number {
    let db: Database.Database | undefined;
    try {
      db = this.open();
      return look(db);
    } catch (error) {
      if (error instanceof Database.SqliteError) {
        return 0;
      }
      throw error;
    } finally {
      db?.close();
    }
  }

  /** Takes the log into the file, after which it has none. */
  #mergeLog(): void {
    const hasLog = (): boolean => (statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
    if (!hasLog()) {
      return;
    }
    let db: Database.Database | undefined;
    try {
      db = new Database(this.#path, { fileMustExist: true });
      db.pragma('journal_mode = DELETE');
    } catch {
      // What can be read is read through the log.
    } finally {
      db?.close();
    }
    if (!hasLog()) {
      // From here on what stood in the file before is older than what stands there now.
      this.#before.clear();
    }
  }

  #headerOf(model: Model): Buffer {
    const header = Buffer.from(model.schemaPages.get(1)?.subarray(0, headerBytes) ?? []);
    // Written through a log, as all archives are: else SQLite would pass it over.
    header.fill(2, at.format, at.format + 2);
    header.writeUInt32BE(this.#pages, at.pages);
    header.writeUInt32BE(header.readUInt32BE(at.changes), at.validFor);
    // Free pages are of no use to a reader, and the list of them may be damaged.
    header.fill(0, at.free, at.free + 8);
    return header;
  }

  /** A page that was cut off is put back at its place. */
  #replace(page: number, bytes: Buffer): void {
    if (page > this.#pages) {
      this.#pages = page;
      truncateSync(this.#path, page * pageBytes);
    }
    this.#before.set(page, this.#read(page));
    this.#write(page, bytes);
  }

  #read(page: number): Buffer {
    const bytes = Buffer.alloc(pageBytes);
    this.#with('r', (descriptor) => readSync(descriptor, bytes, 0, pageBytes, (page - 1) * pageBytes));
    return bytes;
  }

  #write(page: number, bytes: Buffer): void {
    this.#with('r+', (descriptor) => writeSync(descriptor, bytes, 0, pageBytes, (page - 1) * pageBytes));
  }

  #with(flags: string, act: (descriptor: number) => unknown): void {
    const descriptor = openSync(this.#path, flags);
    try {
      act(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}

const readableTables = (db: Database.Database, { tables }: Model): number =>
  tables.filter((table) => canRead(db, `SELECT * FROM "${table}" LIMIT 1`)).length;

function canRead(db: Database.Database, sql: string): boolean {
  try {
    db.prepare(sql).get();
    return true;
  } catch {
    return false;
  }
}

/** Another program's file is not ours to read, and what a newer Drover has written would be dropped. */
function refuseOthers(db: Database.Database, { file, models }: Pick<Needs, 'file' | 'models'>): void {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const known = new Set<unknown>(models[0].tables);
  const isOurs =
    tables.some((name) => known.has(name)) || db.pragma('application_id', { simple: true }) === applicationId;
  if (tables.length > 0 && !isOurs) {
    throw damaged(file, 'it is not an archive of Drover');
  }
  const foreign = tables.filter((name) => !known.has(name) && !/^(sqlite_|run_search)/.test(String(name)));
  if (foreign.length > 0 && versionOf(db) > models[0].version) {
    throw new DroverError('archive-newer', `The archive ${file} is of a newer Drover: let that one save what is in it`);
  }
}
