import { RunOptions, type HostRow, type Run, type StartRun } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';
import type { Actor, PlannedHost, TaskType } from '#core/ports';
import type { SshAccount } from '#core/ports-reach';
import { CommitQueue } from '#core/run/commit-queue';
import type { RunServices } from '#core/run/live-run';
import { OutputHub } from '#core/run/output-hub';
import { freezeHosts } from '#core/run/freeze-hosts';
import { gatherHosts } from '#core/run/gather-hosts';
import { planRun } from '#core/run/plan-run';
import { RunService } from '#core/run/run-service';
import { CollectingLog } from './collecting-log.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDisk } from './fake-disk.ts';
import { FakeExec, fakeTask, type HostScript } from './fake-exec.ts';
import { MemoryArchive } from './memory-archive.ts';
import { nodeDigest } from './node-digest.ts';

const GiB = 1024 ** 3;

/** Somebody who may do everything. */
export const anna: Actor = {
  userId: 'user-1',
  name: 'anna',
  role: 'owner',
  teamId: 'team-1',
  team: 'default',
  origin: { transport: 'control', address: '' },
  sessionId: null,
};

const engineActor: Actor = { ...anna, name: 'Drover', origin: { transport: 'engine', address: '' } };

/** Targets t0, t1, …, in this order. */
export function targetsNamed(count: number): Target[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `target-${index}`,
    no: index + 1,
    name: `t${index}`,
    address: `10.0.0.${index}`,
    os: 'linux',
    connection: 'ssh',
    port: 22,
    user: 'root',
    credentialId: null,
    jump: [],
    become: null,
    tags: [],
    attributes: {},
    facts: {},
    maintenance: false,
    weakAlgorithms: false,
    lastReach: null,
    createdAt: 0,
    updatedAt: 0,
    rev: 1,
  }));
}

/** An account without any ~/.ssh/config. */
export const plainAccount: SshAccount = {
  user: 'operator',
  lookup: (address) => ({ address, port: null, user: null, identityFiles: [], jumps: [], acceptNewHostKeys: false }),
};

/** The same as a frozen plan. */
export function plannedHosts(count: number): PlannedHost[] {
  const targets = targetsNamed(count);
  return freezeHosts({
    targets,
    addresses: [],
    known: targets,
    login: undefined,
    account: plainAccount,
    credentials: [],
  });
}

/** The expected failure of `act`; fails when there is none or another kind. */
export function refusalOf(act: () => unknown): DroverError {
  try {
    act();
  } catch (error) {
    if (error instanceof DroverError) {
      return error;
    }
    throw error;
  }
  throw new Error('nothing was refused');
}

/** All defaults but what is given. */
export const optionsWith = (some: Partial<RunOptions>): RunOptions => ({ ...RunOptions.parse({}), ...some });

/** A request that names `targets`, all of them when it is a count. */
export function requestFor(targets: string | number, options: Partial<RunOptions> = {}): StartRun {
  const names = typeof targets === 'string' ? targets : targetsNamed(targets).map(({ name }) => name);
  return {
    name: 'nightly',
    task: {
      type: 'script',
      language: 'shell',
      text: 'uptime\n',
      args: [],
      environment: {},
      parameters: {},
      noParameters: false,
    },
    targets: typeof names === 'string' ? names : names.join(','),
    addresses: '',
    options: optionsWith(options),
  };
}

type RigOptions = {
  readonly targets?: number;
  readonly scriptOf?: (host: number) => HostScript;
  readonly runsAtOnce?: number;
  readonly queueLength?: number;
  readonly killAfterMs?: number;
  readonly cancelForcedAfterMs?: number;
  readonly taskTypes?: ReadonlyMap<string, TaskType>;
  /** An archive that an earlier engine has left behind, and its clock. */
  readonly archive?: MemoryArchive;
  readonly clock?: FakeClock;
  readonly output?: Partial<ReturnType<RunServices['limits']>['output']>;
};

/** The run core over fakes of all its ports. */
export class EngineRig {
  readonly clock: FakeClock;
  readonly archive: MemoryArchive;
  readonly exec: FakeExec;
  readonly disk = new FakeDisk();
  readonly log = new CollectingLog();
  readonly hub = new OutputHub();
  readonly services: RunServices;
  readonly runs: RunService;
  /** Runs whose given secrets are held, in the order they were given. */
  readonly given: string[] = [];
  readonly logins = {
    give: (runId: string): void => void this.given.push(runId),
    forget: (runId: string): void => {
      this.given.splice(0, this.given.length, ...this.given.filter((id) => id !== runId));
    },
  };
  /** May be changed. */
  runsAtOnce: number;
  /** What there is to select; may be changed. */
  targets: Target[];

  constructor(options: RigOptions = {}) {
    this.clock = options.clock ?? new FakeClock();
    this.archive = options.archive ?? new MemoryArchive();
    this.exec = new FakeExec(this.clock, options.scriptOf ?? (() => ({ exitAfter: 10 })));
    this.targets = targetsNamed(options.targets ?? 3);
    this.runsAtOnce = options.runsAtOnce ?? 10;
    this.services = {
      archive: this.archive,
      clock: this.clock,
      digest: nodeDigest,
      disk: this.disk,
      log: this.log,
      exec: this.exec,
      taskTypes: options.taskTypes ?? new Map([['script', fakeTask]]),
      hub: this.hub,
      commits: new CommitQueue({ archive: this.archive, clock: this.clock, pace: { count: 1, windowMs: 0 } }),
      engine: engineActor,
      limits: () => ({
        output: { perStream: GiB, perRun: 10 * GiB, minFreeShare: 0.05, ...options.output },
        killAfterMs: options.killAfterMs ?? 10_000,
        cancelForcedAfterMs: options.cancelForcedAfterMs ?? 60_000,
      }),
    };
    let ids = 0;
    this.runs = new RunService(this.services, {
      ids: {
        next: () => {
          ids += 1;
          return `${this.archive.countAll()}-run-${ids}`;
        },
        secret: () => 'secret',
      },
      hosts: gatherHosts({ targets: () => this.targets, credentials: () => [], account: plainAccount }),
      logins: this.logins,
      queueLimits: () => ({ runsAtOnce: this.runsAtOnce, queueLength: options.queueLength ?? 100 }),
    });
  }

  /** Starts a run on all targets, or on those that are named. */
  start(options: Partial<RunOptions> = {}, targets: string | number = this.targets.length): string {
    return this.runs.start(requestFor(targets, options), anna).id;
  }

  run(id: string): Run {
    return this.archive.getDetail(id).run;
  }

  hosts(id: string): HostRow[] {
    return this.archive.getHosts(id, { after: -1, limit: 100_000 });
  }

  /** Lets time pass until the run has a final status. */
  async end(id: string): Promise<Run> {
    await this.clock.until(() => this.run(id).endedAt !== null);
    return this.run(id);
  }
}

/** A stored run that was planned but not begun, as an engine leaves it behind; gives its id. */
export function storeRun(archive: MemoryArchive, hosts: number, options: Partial<RunOptions> = {}): string {
  const { run, hosts: planned } = planRun({
    request: requestFor(hosts, options),
    hosts: plannedHosts(hosts),
    selector: requestFor(hosts).targets,
    taskType: fakeTask,
    actor: anna,
    id: `stored-${archive.countAll() + 1}`,
    now: Date.UTC(2026, 3, 30, 9),
    digest: nodeDigest,
    rerunOf: null,
  });
  const audit = { actor: anna, action: 'run.start', objectType: 'run', objectId: run.id, detail: {} };
  return archive.createRun(run, planned, audit).id;
}
