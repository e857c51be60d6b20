import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { prepareDataFolder } from './data-folder.ts';
import { isDiskFull, storageError } from './storage-error.ts';

const LockHolder = z.object({
  pid: z.int(),
  /** Changes with every start of the machine; null where there is none. */
  bootId: z.string().nullable(),
  host: z.string(),
  /** Milliseconds since 1970 UTC. */
  startedAt: z.int(),
  /** How long the machine had been up then, in seconds; an older Drover did not note it. */
  upS: z.number().optional(),
});
export type LockHolder = z.infer<typeof LockHolder>;

export type ArchiveLock = { release(): void };

/**
 * Makes this process the only user of the archive in `dataDir`; undefined when another one is. The lock is the operating
 * system's on archive.lock, so that it ends with the process however that dies; lock.json only tells who holds it.
 *
 * @throws DroverError `data-folder` or `archive-read-only` when the folder cannot be used
 */
export function takeArchiveLock(dataDir: string, now: () => number = Date.now): ArchiveLock | undefined {
  const folder = prepareDataFolder(dataDir);
  const file = join(folder, 'archive.lock');
  const db = hold(file);
  if (!db) {
    return undefined;
  }
  const note = join(folder, 'lock.json');
  try {
    const holder: LockHolder = {
      pid: process.pid,
      bootId: bootId(),
      host: hostname(),
      startedAt: now(),
      upS: uptime(),
    };
    writeFileSync(`${note}.part`, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    renameSync(`${note}.part`, note);
  } catch (error) {
    // A full disk keeps nobody from reading; an old note would name somebody else.
    if (!removeNotes(error, note)) {
      db.close();
      throw storageError(error, file);
    }
  }
  return {
    release() {
      if (db.open) {
        rmSync(note, { force: true });
        db.close();
      }
    },
  };
}

/** False when it is not a full disk that keeps the note from being written. */
function removeNotes(error: unknown, note: string): boolean {
  const isFull = isDiskFull(error, note);
  if (isFull) {
    rmSync(`${note}.part`, { force: true });
    rmSync(note, { force: true });
  }
  return isFull;
}

/** Whether somebody holds the lock now; asking takes it from nobody. */
export function isArchiveLocked(dataDir: string): boolean {
  let db: Database.Database | undefined;
  try {
    db = new Database(join(dataDir, 'archive.lock'), { readonly: true, fileMustExist: true, timeout: 0 });
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
  } finally {
    db?.close();
  }
}

/** Who holds the lock, for messages; undefined when nobody says so or the machine was started again since. */
export function readLockHolder(dataDir: string): LockHolder | undefined {
  try {
    const holder = LockHolder.parse(JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')));
    const boot = bootId();
    return holder.host === hostname() && boot !== null && holder.bootId !== null && holder.bootId !== boot
      ? undefined
      : holder;
  } catch {
    return undefined;
  }
}

/** An open transaction on an empty database that is never written to. */
function hold(file: string): Database.Database | undefined {
  let db: Database.Database | undefined;
  makePrivate(file);
  try {
    db = new Database(file, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY')) {
      return undefined;
    }
    throw storageError(error, file);
  }
}

/** SQLite would make it readable for all, and whoever can read a file can lock it. Never opens a file that is there. */
function makePrivate(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      tighten(file);
    }
    // Everything else is said by whoever opens it next.
  }
}

function tighten(file: string): void {
  try {
    if (statSync(file).mode & 0o077) {
      chmodSync(file, 0o600);
    }
  } catch {
    // Another account's file or a read-only disk: the lock itself then says what is wrong.
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
