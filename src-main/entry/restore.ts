import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { backupNames, type BackupNote, readBackupNote, unpackBackup } from '#adapters/backup/backup-file';
import { systemClock } from '#adapters/clock/system-clock';
import { openVault } from '#adapters/secrets/vault';
import { factsOf } from '#adapters/sqlite/copy-archive';
import { readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { openArchive, type SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { systemIds } from '#adapters/system/ids';
import { DroverError } from '#contract/errors';
import type { Actor, Log } from '#core/ports';
import { endUnstarted } from '#core/run/recover-runs';
import type { EngineFlags, Restored } from '../cli/host.ts';
import { createLog } from '#adapters/log/pino-log';
import { readConfig } from './read-config.ts';
import { storageProblem } from './storage-problem.ts';

type RestoreFlags = EngineFlags & {
  readonly file: string;
  /** Everything is done in a folder that is removed afterwards. */
  readonly rehearse: boolean;
};

/** Makes the data folder of a backup; what was waiting when it was made is not started. Throws DroverError. */
export async function restore(version: string, flags: RestoreFlags): Promise<Restored> {
  const file = resolve(flags.file);
  await readBackupNote(file);
  const log = createLog({ level: 'warn' });
  if (flags.rehearse) {
    const folder = mkdtempSync(join(tmpdir(), 'drover-rehearsal-'));
    try {
      return await fill(folder, { file, version, log, folder: null });
    } catch (error) {
      throw storageProblem(error, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const { dataDir } = readConfig(flags, {});
  const lock = takeArchiveLock(dataDir);
  if (!lock) {
    const pid = readLockHolder(dataDir)?.pid ?? null;
    throw new DroverError('archive-locked', `The data folder ${dataDir} is in use by process ${pid ?? '?'}`, {
      detail: { folder: dataDir, pid },
    });
  }
  try {
    return await intoFolder(dataDir, { file, version, log });
  } catch (error) {
    throw storageProblem(error, dataDir);
  } finally {
    lock.release();
  }
}

type Source = { readonly file: string; readonly version: string; readonly log: Log };

async function intoFolder(dataDir: string, source: Source): Promise<Restored> {
  const taken = ['archive.db', 'secrets'].find((name) => existsSync(join(dataDir, name)));
  if (taken) {
    throw new DroverError(
      'data-folder',
      `${dataDir} holds ${taken === 'secrets' ? 'secrets' : 'an archive'} already: name another folder with --into, or move it away first`,
    );
  }
  const scratch = mkdtempSync(join(dataDir, '.restore-'));
  try {
    const restored = await fill(scratch, { ...source, folder: dataDir });
    if (existsSync(join(scratch, 'secrets'))) {
      renameSync(join(scratch, 'secrets'), join(dataDir, 'secrets'));
    }
    // Last: a folder with an archive is a whole one.
    renameSync(join(scratch, 'archive.db'), join(dataDir, 'archive.db'));
    return restored;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function fill(scratch: string, source: Source & { readonly folder: string | null }): Promise<Restored> {
  const { file, version, log, folder } = source;
  mkdirSync(join(scratch, 'secrets'), { mode: 0o700 });
  const note = await unpackBackup(file, scratch);
  sameAsNoted(join(scratch, backupNames.archive), note, file);
  const archive = openArchive({
    dataDir: scratch,
    log,
    now: () => systemClock.now(),
    ids: systemIds,
    appVersion: version,
  });
  let notStarted = 0;
  let auditBrokenAt: number | null;
  try {
    auditBrokenAt = archive.verifyAudit().brokenAt;
    notStarted = settle(archive, note);
  } finally {
    archive.close();
  }
  const secrets = await secretsOf(scratch, note, log);
  if (readdirSync(join(scratch, 'secrets')).length === 0) {
    rmSync(join(scratch, 'secrets'), { recursive: true });
  }
  return { file, folder, note, auditBrokenAt, notStarted, secrets };
}

function sameAsNoted(archive: string, note: BackupNote, file: string): void {
  const facts = factsOf(archive);
  const differs = (['nodeId', 'schema', 'runs', 'auditRows', 'auditHead'] as const).find(
    (name) => facts[name] !== note[name],
  );
  if (differs) {
    throw new DroverError('archive-corrupt', `${file} says of itself what its archive does not hold (${differs})`);
  }
}

/** What waited for its start is not started days later by surprise, and nobody is signed in by a cookie of then. */
function settle(archive: SqliteArchive, note: BackupNote): number {
  const { teamId, userId } = archive.builtIn;
  const now = Math.round(systemClock.now());
  const origin = { transport: 'engine', address: '' } as const;
  const actor: Actor = { userId, name: 'Drover', teamId, team: 'default', role: 'owner', origin, sessionId: null };
  const ended = endUnstarted(archive, { actor, now, why: 'the archive was put back from a backup' });
  for (const { id } of archive.listSessions(userId)) {
    archive.updateSession(id, { revokedAt: now });
  }
  archive.recordAudit({
    actor,
    action: 'archive.restore',
    objectType: 'node',
    objectId: archive.nodeId,
    detail: { createdAt: note.createdAt, version: note.version, notStarted: ended },
  });
  return ended;
}

async function secretsOf(folder: string, note: BackupNote, log: Log): Promise<Restored['secrets']> {
  if (note.files[backupNames.openers] === undefined) {
    return { state: 'none', message: 'The backup holds no secrets.' };
  }
  const vault = openVault({ dataDir: folder, log });
  await vault.opened;
  const { state, message } = vault.state();
  return { state, message };
}
