import { userInfo } from 'node:os';
import { systemClock } from '#adapters/clock/system-clock';
import { createLocalExec } from '#adapters/local/local-exec';
import { readLockHolder, takeArchiveLock } from '#adapters/sqlite/lock';
import { openArchive, type SqliteArchive } from '#adapters/sqlite/sqlite-archive';
import { sha256Digest } from '#adapters/system/digest';
import { diskOf } from '#adapters/system/disk';
import { systemIds } from '#adapters/system/ids';
import { watchLoop } from '#adapters/system/loop-watch';
import { createDispatcher, type Dispatcher } from '#api/dispatcher';
import { createHandlers, type HandlerServices } from '#api/handlers/handlers';
import { DroverError } from '#contract/errors';
import type { Actor, AuditEntry, Disk, Log } from '#core/ports';
import { countedArchive } from '#core/operating/counted-archive';
import { RecentWork } from '#core/operating/recent-work';
import type { Operating } from '#core/ports-operating';
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
import { composeOperating, makeFolder } from './compose-operating.ts';
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
  /** For programs that watch over the node. */
  readonly operating: Operating;
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
  let stopWatch: (() => void) | undefined;
  const release = (): void => {
    stopWatch?.();
    lock.release();
  };
  try {
    const work = new RecentWork();
    archive = openArchive({
      dataDir: config.dataDir,
      log,
      now: () => systemClock.now(),
      ids: systemIds,
      appVersion: version,
      note: work.note,
    });
    stopWatch = watchLoop({ log, take: () => work.take() });
    return assemble(config, { archive, version, log, startedAt, release, note: work.note });
  } catch (error) {
    archive?.close();
    release();
    throw error;
  }
}

type Parts = ComposeOptions & {
  readonly archive: SqliteArchive;
  readonly startedAt: number;
  readonly release: () => void;
  readonly note: RecentWork['note'];
};

function assemble(config: Config, { archive: stored, version, log, startedAt, release, note }: Parts): Engine {
  const { archive, ended } = countedArchive(stored);
  const { platform } = process;
  const { teamId, userId } = archive.builtIn;
  const person = { userId, name: userInfo().username, teamId, team: 'default' };
  const owner: Actor = { ...person, role: 'owner', origin: { transport: 'control', address: '' }, sessionId: null };
  const engine: Actor = { ...owner, name: 'Drover', origin: { transport: 'engine', address: '' } };
  const disk = diskOf(config.dataDir);
  const hub = new OutputHub();
  const settings = new SettingsService({ store: archive, clock: systemClock, log, fixed: config.fixed });
  const reaching = composeReaching(config, { archive, log, engine, settings });
  const runs = createRuns({ archive, log, hub, disk, engine, reaching, settings });
  settings.onChange(() => runs.takeUp());
  const { operating, services } = composeOperating(config, { version, archive, ended, disk, settings, runs, reaching });
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
    ...services,
    ...upkeep,
    consoleUrl: () => consoleUrl,
  });
  runs.open();
  return {
    nodeId: archive.nodeId,
    dispatcher: createDispatcher(handlers, { clock: systemClock, log, note }),
    owner,
    sessions,
    log,
    runs,
    operating,
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
