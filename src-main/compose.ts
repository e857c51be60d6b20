import { existsSync, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '#adapters/clock/system-clock';
import { createLocalExec } from '#adapters/local/local-exec';
import { createLog } from '#adapters/log/pino-log';
import { readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { openArchive, type SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { sha256Digest } from '#adapters/system/digest';
import { diskOf } from '#adapters/system/disk';
import { systemIds } from '#adapters/system/ids';
import { createDispatcher, type Dispatcher } from '#api/dispatcher';
import { createHandlers, type HandlerServices } from '#api/handlers/handlers';
import type { OutputOf } from '#contract';
import { DroverError } from '#contract/errors';
import type { Actor, AuditEntry, Disk, Log } from '#core/ports';
import { renderParameters } from '#core/parameter/render-parameters';
import { OutputHub } from '#core/run/output-hub';
import { CommitQueue } from '#core/run/commit-queue';
import { OutputGroups } from '#core/run/output-groups/output-groups';
import { execByConnection } from '#core/run/exec-by-connection';
import type { RunServices } from '#core/run/live-run';
import { RunService } from '#core/run/run-service';
import { SettingsService } from '#core/settings/settings-service';
import { createSessionService, type SessionService } from '#core/session/session-service';
import { taskTypes } from '#task-types';
import { composeReaching, type Reaching } from './compose-reach.ts';
import { composeUpkeep } from './compose-upkeep.ts';
import type { Config } from './config.ts';

/** A running engine over one data folder. */
export type Engine = {
  readonly nodeId: string;
  readonly dispatcher: Dispatcher;
  /** Whoever sits at this machine under this account. */
  readonly owner: Actor;
  readonly sessions: SessionService;
  readonly log: Log;
  readonly runs: Pick<RunService, 'idle' | 'liveCount' | 'cancelAll' | 'close'>;
  /** For what a transport refuses before anybody is asked. */
  recordAudit(entry: AuditEntry): void;
  /** Takes on what is done by the hour and the day; an engine that is here for one command leaves that to others. */
  keepUp(): void;
  /** Where the console listens, for the links that are printed. */
  setConsoleUrl(url: string): void;
  /** Takes no new runs, ends connections, closes the archive and lets go of the folder; live runs must have ended before. */
  close(): Promise<void>;
};

type ComposeOptions = { readonly version: string; readonly log: Log };

/** Chooses every adapter and connects them. Throws DroverError `archive-locked`, `archive-…` or `data-folder`. */
export function composeEngine(config: Config, { version, log }: ComposeOptions): Engine {
  const startedAt = systemClock.now();
  makeFolder(config.dataDir);
  const lock = takeArchiveLock(config.dataDir);
  if (!lock) {
    const holder = readLockHolder(config.dataDir);
    throw new DroverError(
      'archive-locked',
      `The data folder ${config.dataDir} is in use by ${holder ? `process ${holder.pid}` : 'another process'}`,
      { detail: { folder: config.dataDir, pid: holder?.pid ?? null } },
    );
  }
  let archive: SqliteArchive | undefined;
  try {
    archive = openArchive({
      dataDir: config.dataDir,
      log,
      now: () => systemClock.now(),
      ids: systemIds,
      appVersion: version,
    });
    return assemble(config, { archive, version, log, startedAt, release: () => lock.release() });
  } catch (error) {
    archive?.close();
    lock.release();
    throw error;
  }
}

type Parts = ComposeOptions & {
  readonly archive: SqliteArchive;
  readonly startedAt: number;
  readonly release: () => void;
};

function assemble(config: Config, { archive, version, log, startedAt, release }: Parts): Engine {
  const { platform } = process;
  const account = userInfo().username;
  const { teamId, userId } = archive.builtIn;
  const person = { userId, name: account, teamId, team: 'default' };
  const owner: Actor = { ...person, role: 'owner', origin: { transport: 'control', address: '' }, sessionId: null };
  const engine: Actor = { ...owner, name: 'Drover', origin: { transport: 'engine', address: '' } };
  const disk = diskOf(config.dataDir);
  const hub = new OutputHub();
  const settings = new SettingsService({ store: archive, clock: systemClock, log, fixed: config.fixed });
  const reaching = composeReaching(config, { archive, log, engine, settings });
  const runs = createRuns({ archive, log, hub, disk, engine, reaching, settings });
  settings.onChange(() => runs.takeUp());
  const upkeep = composeUpkeep({ dataDir: config.dataDir, version, archive, log, engine, settings, hub });
  const sessions = createSessionService({
    archive,
    clock: systemClock,
    ids: systemIds,
    digest: sha256Digest,
    actorOf: (user) => (user.userId === userId ? { ...person, role: 'admin' } : undefined),
  });
  let consoleUrl: string | undefined;
  const handlers = createHandlers({
    archive,
    clock: systemClock,
    digest: sha256Digest,
    runs,
    sessions,
    signals: hub,
    groups: new OutputGroups({ archive, clock: systemClock, digest: sha256Digest }),
    ...reaching,
    log,
    prepare,
    node: { nodeId: archive.nodeId, name: config.name, version, platform, dataFolder: config.dataDir, startedAt },
    trouble: () => troubleOf(disk, settings),
    settingsService: settings,
    ...upkeep,
    facts: () => factsOf(config, disk),
    consoleUrl: () => consoleUrl,
  });
  runs.open();
  return {
    nodeId: archive.nodeId,
    dispatcher: createDispatcher(handlers, { clock: systemClock, log }),
    owner,
    sessions,
    log,
    runs,
    recordAudit: (entry) => archive.recordAudit(entry),
    keepUp: () => upkeep.open(),
    setConsoleUrl: (url) => void (consoleUrl = url),
    async close() {
      runs.close();
      await upkeep.close();
      await reaching.close();
      archive.close();
      release();
    },
  };
}

const prepare: HandlerServices['prepare'] = (task, chosen) => {
  const taskType = taskTypes.get(task.type);
  if (!taskType) {
    throw new DroverError('bad-input', `No task type ${task.type}`);
  }
  return taskType.prepare(task, chosen, renderParameters);
};

type RunParts = Pick<Parts, 'archive' | 'log'> & {
  readonly hub: OutputHub;
  readonly disk: Disk;
  readonly engine: Actor;
  readonly reaching: Reaching;
  readonly settings: SettingsService;
};

function createRuns({ reaching, settings, ...parts }: RunParts): RunService {
  return new RunService(
    {
      ...parts,
      commits: new CommitQueue({ archive: parts.archive, clock: systemClock }),
      clock: systemClock,
      digest: sha256Digest,
      exec: execByConnection({ local: createLocalExec({ log: parts.log }), ssh: reaching.exec }),
      taskTypes,
      limits: () => runLimits(settings),
    },
    {
      ids: systemIds,
      hosts: reaching.hosts,
      logins: reaching.logins,
      queueLimits: () => ({
        runsAtOnce: settings.values['limits.runsAtOnce'],
        queueLength: settings.values['limits.queueLength'],
      }),
    },
  );
}

function runLimits({ values }: SettingsService): ReturnType<RunServices['limits']> {
  return {
    output: {
      perStream: values['limits.outputPerStreamBytes'],
      perRun: values['limits.outputPerRunBytes'],
      minFreeShare: values['limits.minFreeShare'],
    },
    killAfterMs: values['limits.killAfterS'] * 1000,
    cancelForcedAfterMs: values['limits.cancelForcedAfterS'] * 1000,
  };
}

/**
 * The engine's log: a file in the data folder, so that the terminal stays for what was asked. Throws DroverError
 * `archive-read-only`, `no-space` or `data-folder`.
 */
export function createEngineLog(config: Config): Log & { flush(): void } {
  makeFolder(config.dataDir);
  const file = logFileOf(config.dataDir);
  try {
    return createLog({ level: config.logLevel, file });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new DroverError('no-space', `The disk under ${config.dataDir} is full: make room, then try again`, {
        cause: error,
      });
    }
    throw new DroverError(
      ['EROFS', 'EACCES', 'EPERM'].includes(code) ? 'archive-read-only' : 'data-folder',
      `The log ${file} cannot be written to (${code}): make the data folder writable for this account`,
      { cause: error },
    );
  }
}

function makeFolder(folder: string): void {
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

function troubleOf(disk: Disk, { values }: SettingsService): string | null {
  const least = values['limits.minFreeShare'];
  return disk.free().share < least
    ? `Less than ${Math.round(least * 100)} % of the disk is free: no new runs until there is room`
    : null;
}

/** What the page about this node shows beside its name. */
function factsOf({ dataDir }: Config, disk: Disk): OutputOf<'node.facts'> {
  const archiveFile = join(dataDir, 'archive.db');
  const { bytes, share } = disk.free();
  const { electron, node } = process.versions;
  return {
    logFile: logFileOf(dataDir),
    archiveFile,
    archiveBytes: ['', '-wal'].reduce(
      (sum, end) => sum + (statSync(`${archiveFile}${end}`, { throwIfNoEntry: false })?.size ?? 0),
      0,
    ),
    disk: { freeBytes: bytes, freeShare: share },
    runtime: electron ? `Electron ${electron}` : `Node ${node}`,
  };
}

const logFileOf = (dataDir: string): string => join(dataDir, 'drover.log');
