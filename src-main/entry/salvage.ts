import { resolve } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { salvageArchive, type SalvageReport } from '#adapters/sqlite/salvage';
import { systemIds } from '#adapters/system/ids';
import { DroverError } from '#contract/errors';
import type { EngineFlags } from '../cli/host.ts';
import { createEngineLog } from '../compose-operating.ts';
import { readConfig } from './read-config.ts';

/** Saves what can be read of the archive of a data folder that nobody uses into another folder. Throws DroverError. */
export function salvage(appVersion: string, flags: EngineFlags & { readonly into: string }): SalvageReport {
  const { dataDir, ...config } = readConfig(flags, {});
  const log = createEngineLog({ ...config, dataDir });
  const lock = takeArchiveLock(dataDir);
  if (!lock) {
    const pid = readLockHolder(dataDir)?.pid ?? null;
    throw new DroverError(
      'archive-locked',
      `The data folder ${dataDir} is in use by process ${pid ?? '?'}: stop it first`,
      {
        detail: { folder: dataDir, pid },
      },
    );
  }
  try {
    const into = resolve(flags.into);
    return salvageArchive({ dataDir, into, log, now: () => systemClock.now(), ids: systemIds, appVersion });
  } finally {
    lock.release();
    log.flush();
  }
}
