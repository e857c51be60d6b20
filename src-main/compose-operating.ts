import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { createLog, type FileLog } from '#adapters/log/pino-log';
import { tokenFile } from '#adapters/metrics/token-file';
import type { SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { isSameDigest, sha256Digest } from '#adapters/system/digest';
import { systemIds } from '#adapters/system/ids';
import type { HandlerServices } from '#api/handlers/handlers';
import type { OutputOf } from '#contract';
import { DroverError } from '#contract/errors';
import { ailmentOf } from '#core/operating/ailment-of';
import { metricsToken } from '#core/operating/metrics-token';
import type { Disk } from '#core/ports';
import type { EndedCounts, NodeReading, Operating } from '#core/ports-operating';
import type { RunService } from '#core/run/run-service';
import type { SettingsService } from '#core/settings/settings-service';
import type { Reaching } from './compose-reach.ts';
import type { Config } from './config.ts';

type OperatingParts = {
  readonly version: string;
  readonly archive: SqliteArchive;
  readonly ended: () => EndedCounts;
  readonly disk: Disk;
  readonly settings: SettingsService;
  readonly runs: Pick<RunService, 'isClosing'>;
  readonly reaching: Pick<Reaching, 'connections' | 'vault'>;
};

type OperatingServices = Pick<HandlerServices, 'settingsService' | 'trouble' | 'facts' | 'metrics' | 'metricsToken'>;

/** What a node says of itself: to its pages, and to programs that watch over it. */
export function composeOperating(
  config: Config,
  parts: OperatingParts,
): { readonly operating: Operating; readonly services: OperatingServices } {
  const { archive, disk, settings } = parts;
  const token = metricsToken({
    store: tokenFile(config.dataDir),
    clock: systemClock,
    ids: systemIds,
    digest: sha256Digest,
    isSame: isSameDigest,
    recordAudit: (entry) => archive.recordAudit(entry),
  });
  const ailment: Operating['ailment'] = () => {
    const minFreeShare = settings.values['limits.minFreeShare'];
    const isStopping = parts.runs.isClosing;
    try {
      accessSync(config.dataDir, constants.W_OK | constants.X_OK);
      accessSync(archiveFileOf(config.dataDir), constants.W_OK);
      return ailmentOf({ isStopping, isWritable: true, freeShare: disk.free().share, minFreeShare });
    } catch {
      return ailmentOf({ isStopping, isWritable: false, freeShare: 1, minFreeShare });
    }
  };
  let made: Promise<Pick<Operating['metrics'], 'text'>> | undefined;
  const metrics: Operating['metrics'] = {
    isToken: (given) => token.isRight(given),
    async text() {
      // Only now: a node whose numbers nobody reads neither loads this nor looks at its event loop.
      made ??= import('#adapters/metrics/prometheus').then(({ createPrometheus }) =>
        createPrometheus(() => readingOf(config, parts, ailment())),
      );
      return (await made).text();
    },
  };
  return {
    operating: { ailment, metrics },
    services: {
      metrics,
      metricsToken: token,
      settingsService: settings,
      trouble: () => troubleOf(disk, settings),
      facts: () => factsOf(config, disk),
    },
  };
}

function readingOf({ dataDir }: Config, parts: OperatingParts, ailment: NodeReading['ailment']): NodeReading {
  const { archive, ended, reaching, version, disk } = parts;
  const { values } = parts.settings;
  const { bytes: freeBytes, share: freeShare } = disk.free();
  return {
    version,
    ailment,
    live: archive.liveCounts(),
    ended: ended(),
    runsAtOnce: values['limits.runsAtOnce'],
    queueLength: values['limits.queueLength'],
    archiveBytes: sizeOf(archiveFileOf(dataDir)),
    walBytes: sizeOf(`${archiveFileOf(dataDir)}-wal`),
    logBytes: sizeOf(logFileOf(dataDir)),
    disk: { freeBytes, freeShare, minFreeShare: values['limits.minFreeShare'] },
    ssh: { connections: reaching.connections(), limit: values['ssh.connections'] },
    areSecretsLocked: reaching.vault.state().state === 'locked',
  };
}

function troubleOf(disk: Disk, { values }: SettingsService): string | null {
  const least = values['limits.minFreeShare'];
  return disk.free().share < least
    ? `Less than ${Math.round(least * 100)} % of the disk is free: no new runs until there is room`
    : null;
}

/** What the page about this node shows beside its name. */
function factsOf({ dataDir }: Config, disk: Disk): OutputOf<'node.facts'> {
  const archiveFile = archiveFileOf(dataDir);
  const { bytes, share } = disk.free();
  const { electron, node } = process.versions;
  return {
    logFile: logFileOf(dataDir),
    archiveFile,
    archiveBytes: sizeOf(archiveFile) + sizeOf(`${archiveFile}-wal`),
    disk: { freeBytes: bytes, freeShare: share },
    runtime: electron ? `Electron ${electron}` : `Node ${node}`,
  };
}

/**
 * The engine's log: a file in the data folder, so that the terminal stays for what was asked. Throws DroverError
 * `archive-read-only`, `no-space` or `data-folder`.
 */
export function createEngineLog(config: Config): FileLog {
  makeFolder(config.dataDir);
  const path = logFileOf(config.dataDir);
  try {
    return createLog({ level: config.logLevel, file: { path, rotation: config.log } });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DroverError('no-space', `The disk under ${config.dataDir} is full: make room, then try again`, {
        cause: error,
      });
    }
    throw new DroverError(
      ['EROFS', 'EACCES', 'EPERM'].includes(code) ? 'archive-read-only' : 'data-folder',
      `The log ${path} cannot be written to (${code}): make the data folder writable for this account`,
      { cause: error },
    );
  }
}

/** Throws DroverError `archive-read-only` or `data-folder`. */
export function makeFolder(folder: string): void {
  try {
    makeLevels(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new DroverError(
      code === 'EROFS' ? 'archive-read-only' : 'data-folder',
      `The data folder ${folder} ${existsSync(folder) ? 'is not a folder' : 'cannot be made'} (${code}): name another with --data`,
      { cause: error },
    );
  }
  // Before anything is written: who may write here could have put a link in the place of the log or the archive.
  if (process.platform !== 'win32' && statSync(folder).mode & 0o022) {
    throw new DroverError('data-folder', `Other accounts may write to ${folder}: run chmod go-w on it`);
  }
}

/** Level by level: Node's own recursion never returns where the file system says that a folder it has just made is not there. */
function makeLevels(folder: string): void {
  if (!existsSync(folder)) {
    makeLevels(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const archiveFileOf = (dataDir: string): string => join(dataDir, 'archive.db');
const logFileOf = (dataDir: string): string => join(dataDir, 'drover.log');
