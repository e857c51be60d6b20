import { existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backupNames, writeBackup } from '#adapters/backup/backup-file';
import { systemClock } from '#adapters/clock/system-clock';
import { copyArchive } from '#adapters/sqlite/copy-archive';
import { DroverError } from '#contract/errors';
import type { BackupMade, EngineFlags } from '../cli/host.ts';
import { readConfig } from './read-config.ts';

type BackupFlags = EngineFlags & {
  readonly file: string;
  readonly withKey: boolean;
  readonly force: boolean;
};

/**
 * Puts the archive of a data folder and its sealed secrets into one file, while an engine may go on working there. Runs in
 * the process of the command line, so that the engine is not held up. Throws DroverError.
 */
export async function backup(version: string, flags: BackupFlags): Promise<BackupMade> {
  const { dataDir } = readConfig(flags, {});
  const file = resolve(flags.file);
  if (!flags.force && existsSync(file)) {
    throw new DroverError('name-taken', `${file} exists already: name another file, or overwrite it with --force`);
  }
  const folder = makeScratch(dirname(file));
  try {
    const archive = join(folder, 'archive.db');
    const facts = copyArchive(join(dataDir, 'archive.db'), archive);
    const secrets = [
      { name: backupNames.openers, path: join(dataDir, backupNames.openers) },
      ...(flags.withKey ? [{ name: backupNames.key, path: join(dataDir, backupNames.key) }] : []),
    ].filter(({ path }) => existsSync(path));
    const part = join(folder, 'backup');
    const note = await writeBackup(part, [{ name: backupNames.archive, path: archive }, ...secrets], {
      version,
      createdAt: Math.round(systemClock.now()),
      ...facts,
    });
    renameSync(part, file);
    return { file, bytes: statSync(file).size, note };
  } catch (error) {
    throw storageProblem(error, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** On the disk of the file itself, so that the finished one only needs its name. */
function makeScratch(parent: string): string {
  try {
    return mkdtempSync(join(parent, '.drover-backup-'));
  } catch (error) {
    throw storageProblem(error, parent);
  }
}

/** The system's refusal of a file or folder, in words. */
export function storageProblem(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof DroverError || syscall === undefined) {
    return error;
  }
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DroverError('no-space', `The disk under ${path} is full: make room first`, { cause: error })
    : new DroverError('bad-input', `${path} cannot be written or read (${code})`, { cause: error });
}
