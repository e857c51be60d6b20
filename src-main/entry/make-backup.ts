import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupNames, checkBackup, writeBackup } from '#adapters/backup/backup-file';
import { copyArchive } from '#adapters/sqlite/copy-archive';
import type { BackupMade } from '../cli/host.ts';

export type BackupOrder = {
  readonly dataDir: string;
  readonly file: string;
  readonly withKey: boolean;
  /** Of this program. */
  readonly version: string;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
  /** An empty folder on the disk of the file, which whoever made it removes. */
  readonly scratch: string;
  /** Every byte of the finished file is read back before it gets its name. */
  readonly check?: boolean;
};

/**
 * Puts the archive of a data folder and its sealed secrets into one file, while an engine may go on working there. Blocks
 * for as long as the archive is copied, so it belongs into a process or a thread of its own. Throws DroverError, or what
 * the system says of a file.
 */
export async function makeBackup(order: BackupOrder): Promise<BackupMade> {
  const { dataDir, file, withKey, version, createdAt, scratch, check = false } = order;
  const archive = join(scratch, 'archive.db');
  const facts = copyArchive(join(dataDir, 'archive.db'), archive);
  const secrets = [
    { name: backupNames.openers, path: join(dataDir, backupNames.openers) },
    ...(withKey ? [{ name: backupNames.key, path: join(dataDir, backupNames.key) }] : []),
  ].filter(({ path }) => existsSync(path));
  const part = join(scratch, 'backup');
  const contents = [{ name: backupNames.archive, path: archive }, ...secrets];
  const note = await writeBackup(part, contents, { version, createdAt, ...facts });
  if (check) {
    await checkBackup(part);
  }
  renameSync(part, file);
  return { file, bytes: statSync(file).size, note };
}
