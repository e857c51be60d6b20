import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

export const modeOf = (mode: number): string => (mode & 0o777).toString(8).padStart(3, '0');

const isPart = (entry: string, path: string): boolean =>
  entry.startsWith(`${basename(path)}.`) && entry.endsWith('.part');

/** Where a file that was not finished stands; each attempt has its own name. */
export const partOf = (path: string): string => `${path}.${randomBytes(6).toString('hex')}.part`;

/** Whether a writer of this file died before it had put it in place. */
export function hasPart(path: string): boolean {
  try {
    return readdirSync(dirname(path)).some((entry) => isPart(entry, path));
  } catch {
    return false;
  }
}

/** Removes what writers that died have left of these files. */
export function removeParts(folder: string, paths: readonly string[]): void {
  for (const entry of readdirSync(folder)) {
    if (paths.some((path) => isPart(entry, path))) {
      rmSync(join(folder, entry), { force: true });
    }
  }
}

/** Makes what was renamed, linked or removed in a folder survive a power cut; Windows opens no folders. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') {
    return;
  }
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export function makePrivateFolder(folder: string): void {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    syncFolder(dirname(folder));
  }
}

/** Writes a new file that only this account can read, down to the disk. */
export function writePrivate(path: string, content: Uint8Array): void {
  const handle = openSync(path, 'wx', 0o600);
  try {
    let written = 0;
    while (written < content.length) {
      written += writeSync(handle, content, written);
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Gives a finished part its name, once and for all; false when the name is taken already, and nothing is overwritten. */
export function placeNew(part: string, path: string): boolean {
  try {
    linkSync(part, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without its part, somebody else was quicker and has cleaned up.
    if (code === 'EEXIST' || code === 'ENOENT') {
      return false;
    }
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'UNKNOWN'].includes(code ?? '')) {
      throw error;
    }
    // This file system has no hard links.
    if (existsSync(path)) {
      return false;
    }
    renameSync(part, path);
  }
  rmSync(part, { force: true });
  syncFolder(dirname(path));
  return true;
}

/** Puts a finished part in the place of a file, in one step. */
export function replaceFile(part: string, path: string): void {
  renameSync(part, path);
  syncFolder(dirname(path));
}
