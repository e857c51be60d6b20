import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, rmSync, type Stats } from 'node:fs';
import { keyBytes } from './data-key.ts';
import { modeOf, partOf, placeNew, writePrivate } from './private-file.ts';

/** `problem` says what is wrong with the file and what to do. */
type KeyFile =
  | { readonly kind: 'key'; readonly key: Buffer }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unfit'; readonly problem: string };

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Reads the key file, which nobody but the account of this program may have touched; whoever takes the key wipes it. */
export function readKeyFile(path: string): KeyFile {
  const unfit = (problem: string): KeyFile => ({ kind: 'unfit', problem: `The key file ${path} ${problem}` });
  let file: number | undefined;
  try {
    // Looked at before it is opened, because Windows knows no O_NOFOLLOW and opening a device may do something.
    const problem = problemOf(lstatSync(path), path);
    if (problem) {
      return unfit(problem);
    }
    file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const late = problemOf(fstatSync(file), path);
    if (late) {
      return unfit(late);
    }
    const key = Buffer.alloc(keyBytes);
    return readSync(file, key) === keyBytes ? { kind: 'key', key } : unfit(wrongSize);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return code === 'ENOENT'
      ? { kind: 'absent' }
      : unfit(`cannot be read (${code}): make it readable for the account of this program`);
  } finally {
    if (file !== undefined) {
      closeSync(file);
    }
  }
}

const wrongSize = `does not hold ${keyBytes} bytes: put the key file of this archive back from a backup`;

function problemOf(found: Stats, path: string): string | undefined {
  if (found.isSymbolicLink()) {
    return 'is a symbolic link: put the file itself in its place';
  }
  if (!found.isFile()) {
    return 'is not a regular file: put the key file of this archive back from a backup';
  }
  const own = process.geteuid?.();
  if (own !== undefined && found.uid !== own) {
    return `belongs to another account (uid ${found.uid}, this program runs as uid ${own}): chown ${own} ${path}`;
  }
  if (own !== undefined && (found.mode & 0o077) !== 0) {
    return `can be read or changed by others (mode ${modeOf(found.mode)}): chmod 600 ${path}`;
  }
  return found.size === keyBytes ? undefined : wrongSize;
}

/** Puts a new key file on disk; false when there is one already, which stays as it is. */
export function createKeyFile(path: string, key: Buffer): boolean {
  const part = partOf(path);
  try {
    writePrivate(part, key);
    return placeNew(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}
