import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { Log } from '#core/ports';
import type { Migration } from './migrations/index.ts';
import { copyFileName } from './rescue.ts';

/** `DRVR`, so that other programs and other SQLite files are told apart. */
export const applicationId = 0x44525652;

/** From this step on a new archive can give back what is free in it. */
const shrinksFrom = 50;

/** Makes an empty file an archive of these steps; the file's pages lie as in every other that was made so. */
export function makeSchema(db: Database.Database, steps: readonly Migration[], appVersion: string): void {
  if (steps.some(({ version }) => version >= shrinksFrom)) {
    // Only while the file has no pages yet.
    db.pragma('auto_vacuum = INCREMENTAL');
  }
  db.pragma(`application_id = ${applicationId}`);
  migrate(db, steps, appVersion);
}

/** Up to this size an older archive is written anew, in memory, so that it can give back what is free in it. */
const rewrittenBytes = 256 * 1024 * 1024;

/** What cannot be written anew now only keeps its size: what is free in it is filled again. */
export function makeShrinkable(db: Database.Database, log: Log): void {
  const size = Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
  if (versionOf(db) < shrinksFrom || db.pragma('auto_vacuum', { simple: true }) !== 0 || size > rewrittenBytes) {
    return;
  }
  try {
    db.pragma('auto_vacuum = INCREMENTAL');
    db.exec('VACUUM');
  } catch (error) {
    log.warn('the archive could not be written anew and keeps its size', { error });
  }
}

export const versionOf = (db: Database.Database): number => Number(db.pragma('user_version', { simple: true }));

/** Runs the steps that `db` has not seen, each in its own transaction; the last one names who can open the result. */
export function migrate(db: Database.Database, steps: readonly Migration[], appVersion: string): void {
  const from = versionOf(db);
  for (const step of steps.filter(({ version }) => version > from)) {
    db.transaction(() => {
      db.exec(step.sql);
      db.prepare('UPDATE node SET needs_version = ?').run(appVersion);
      db.pragma(`user_version = ${step.version}`);
    }).immediate();
  }
}

/** A whole copy beside the archive, named after its schema and the time; under its name only when it is complete. */
export function copyBeside(db: Database.Database, file: string, context: { now: number; log: Log }): string {
  const copy = join(dirname(file), copyFileName(versionOf(db), context.now));
  const part = `${copy}.part`;
  try {
    // SQLite takes an empty file as its target; made here, nobody else may read it.
    closeSync(openSync(part, 'w', 0o600));
    db.prepare('VACUUM INTO ?').run(part);
    flushFile(part);
    renameSync(part, copy);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
  context.log.info('the archive was copied before its schema changes', { copy });
  return copy;
}

export function flushFile(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

type SchemaObject = { readonly type: string; readonly name: string; readonly sql: string | null };

/** What the schema has that `version` does not, or lacks, in a phrase; undefined when it is as Drover made it. */
export function foreignSchema(db: Database.Database, steps: readonly Migration[]): string | undefined {
  const found = schemaOf(db);
  const expected = schemaAt(steps, versionOf(db));
  const wrong = [...expected].find(([name, object]) => found.get(name)?.sql !== object.sql);
  if (wrong) {
    return `its ${wrong[1].type} ${wrong[0]} is ${found.has(wrong[0]) ? 'not the one Drover made' : 'missing'}`;
  }
  const foreign = [...found.values()].find(({ type, name }) => type === 'trigger' && !expected.has(name));
  return foreign && `it has a trigger ${foreign.name} that Drover did not make`;
}

function schemaAt(steps: readonly Migration[], version: number): ReadonlyMap<string, SchemaObject> {
  const model = new Database(':memory:');
  try {
    migrate(
      model,
      steps.filter((step) => step.version <= version),
      '',
    );
    return schemaOf(model);
  } finally {
    model.close();
  }
}

/** Without the tables that SQLite and its search index make for themselves, whose text is theirs to change. */
function schemaOf(db: Database.Database): ReadonlyMap<string, SchemaObject> {
  const objects = db
    .prepare<[], SchemaObject>(
      String.raw`SELECT type, name, sql FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'run\_search\_%' ESCAPE '\'`,
    )
    .all();
  return new Map(objects.map((object) => [object.name, object]));
}
