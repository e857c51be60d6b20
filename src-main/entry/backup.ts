import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { DroverError } from '#contract/errors';
import type { BackupMade, EngineFlags } from '../cli/host.ts';
import { makeBackup } from './make-backup.ts';
import { readConfig } from './read-config.ts';
import { storageProblem } from './storage-problem.ts';

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
  const scratch = makeScratch(dirname(file));
  try {
    const createdAt = Math.round(systemClock.now());
    return await makeBackup({ dataDir, file, withKey: flags.withKey, version, createdAt, scratch });
  } catch (error) {
    throw storageProblem(error, file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
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
