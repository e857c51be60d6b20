import { accessSync, constants, statSync } from 'node:fs';
import type { FolderFacts } from '#core/ports-doctor';

/** What stands at `path`; `networkOf` tells the kind of a network disk. Never throws. */
export function readFolder(path: string, networkOf: (folder: string) => string | undefined): FolderFacts {
  const nothing = { path, uid: null, mode: null, isWritable: false, network: null } as const;
  let found: ReturnType<typeof statSync>;
  try {
    found = statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { ...nothing, kind: code === 'ENOENT' ? 'absent' : 'other' };
  }
  if (!found.isDirectory()) {
    return { ...nothing, kind: 'other' };
  }
  const isPosix = process.platform !== 'win32';
  return {
    path,
    kind: 'folder',
    uid: isPosix ? found.uid : null,
    mode: isPosix ? found.mode & 0o7777 : null,
    isWritable: isWritable(path),
    network: networkOf(path) ?? null,
  };
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
