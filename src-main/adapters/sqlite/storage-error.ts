import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { DroverError } from '#contract/errors';
import { damaged } from './rescue.ts';

/** Below this an I/O error of SQLite is taken for a full disk, which some file systems report only when flushing. */
const hardlyAnythingBytes = 256 * 1024;

/** A row that SQLite reads without complaint and that is still not what was written. */
export class UnreadableRow extends Error {}

type SqliteFailure = InstanceType<typeof Database.SqliteError>;

/** Whether a write failed because the disk under `file` is full. */
export function isDiskFull(error: unknown, file: string): boolean {
  if (error instanceof Database.SqliteError) {
    return (
      error.code === 'SQLITE_FULL' || (error.code.startsWith('SQLITE_IOERR') && freeBytes(file) < hardlyAnythingBytes)
    );
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** What went wrong with the archive `file` as an expected failure, or the error itself when it is a bug. */
export function storageError(error: unknown, file: string): unknown {
  if (error instanceof DroverError) {
    return error;
  }
  if (isDiskFull(error, file)) {
    return new DroverError('no-space', `The disk under ${dirname(file)} is full: make room, then try again`, {
      cause: error,
    });
  }
  if (error instanceof z.ZodError || error instanceof SyntaxError || error instanceof UnreadableRow) {
    return damaged(file, 'a row holds what Drover never wrote', error);
  }
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return notWritable(error, file, code);
  }
  return error instanceof Database.SqliteError ? sqliteError(error, file) : error;
}

function sqliteError(error: SqliteFailure, file: string): unknown {
  const code = error.code.split('_').slice(0, 2).join('_');
  switch (code) {
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
    case 'SQLITE_FORMAT':
      return damaged(file, error.message, error);
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
    case 'SQLITE_CANTOPEN':
      return notWritable(error, file, error.code);
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return new DroverError('archive-locked', `Another program is using the archive ${file}: close it`, {
        cause: error,
      });
    default:
      return error;
  }
}

const notWritable = (cause: unknown, file: string, code: string): DroverError =>
  new DroverError(
    'archive-read-only',
    `The archive ${file} cannot be written to (${code}): make it and its folder writable for this account`,
    { cause },
  );

function freeBytes(file: string): number {
  const { bavail, bsize } = statfsSync(dirname(file));
  return bavail * bsize;
}
