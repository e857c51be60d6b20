import type { CancelLevel, RerunChoice, Run, RunKey, RunLogin, RunRef, StartRun } from '#contract/run';
import { DroverError } from '#contract/errors';
import type { Actor, Ids } from '#core/ports';
import { LiveRun, type RunServices } from './live-run.ts';
import { type PlanInput, planRun } from './plan-run.ts';
import { endLostRun, recoverRuns } from './recover-runs.ts';
import { chosenHosts, choiceWords } from './rerun-choice.ts';
import { requestCancel } from './request-cancel.ts';
import { isFinal } from './run-state.ts';
import { type HostGathering, selectorText } from './gather-hosts.ts';

type ServiceSettings = {
  readonly ids: Ids;
  readonly hosts: HostGathering;
  /** Holds the secrets that are given with a run; throws DroverError `bad-key` for a key that cannot be used. */
  readonly logins: { give(runId: string, login: RunLogin): void; forget(runId: string): void };
  /** Asked anew whenever it matters: runs worked on at once, and how many more may wait. */
  readonly queueLimits: () => { readonly runsAtOnce: number; readonly queueLength: number };
};

type Rerun = { readonly run: RunKey; readonly hosts: RerunChoice; readonly login?: RunLogin | undefined };

type Start = Pick<PlanInput, 'request' | 'hosts' | 'selector' | 'actor' | 'rerunOf' | 'expect'> & {
  readonly login: RunLogin | undefined;
};

/** How often runs that claim to be live are compared with those that are. */
const watchdogMs = 15_000;
/** From the end of a run until its output is packed, and between two steps of packing. */
const packDelayMs = 1_000;
const packPaceMs = 20;

/** Starts, queues, cancels and recovers runs. The archive is the truth; this holds only what is being worked on. */
export class RunService {
  readonly #services: RunServices;
  readonly #settings: ServiceSettings;
  readonly #queue: string[] = [];
  readonly #live = new Map<string, LiveRun>();
  /** Ended runs whose output is still to be packed; the first one is being worked on. */
  readonly #unpacked: string[] = [];
  #stopWatchdog: () => void = () => undefined;
  #closing = false;

  constructor(services: RunServices, settings: ServiceSettings) {
    this.#services = services;
    this.#settings = settings;
  }

  /** Ends what an earlier engine left behind and takes up what had not begun. */
  open(): void {
    this.#queue.push(...recoverRuns(this.#services).map(({ run }) => run.id));
    for (const id of this.#services.archive.unpackedRuns(1_000)) {
      this.#pack(id);
    }
    this.#watch();
    this.#pump();
  }

  /** Runs that are being worked on, and those that wait and may still start. */
  get liveCount(): number {
    return this.#live.size + this.#waiting.length;
  }

  /** No new run is taken. */
  get isClosing(): boolean {
    return this.#closing;
  }

  /** What waits when the engine closes starts when it is opened again. */
  get #waiting(): readonly string[] {
    return this.#closing ? [] : this.#queue;
  }

  /** Resolves when nothing is being worked on and nothing waits that may still start. */
  async idle(): Promise<void> {
    const { clock } = this.#services;
    while (this.liveCount > 0) {
      await Promise.all([...this.#live.values()].map((run) => run.ended));
      await new Promise<void>((resolve) => void clock.after(1, resolve));
    }
  }

  /** Asks everything that works or may still start to stop, as its owner would. */
  cancelAll(actor: Actor): void {
    for (const id of [...this.#waiting, ...this.#live.keys()]) {
      try {
        this.cancel(id, actor);
      } catch (error) {
        if (!(error instanceof DroverError)) {
          throw error;
        }
      }
    }
  }

  /** Takes up what may start now, such as when more runs may be worked on at once. */
  takeUp(): void {
    this.#pump();
  }

  /** Starts nothing new and stops the watchdog; live runs go on until the process ends. */
  close(): void {
    this.#closing = true;
    this.#stopWatchdog();
  }

  /** The run is stored when this returns; work on it begins afterwards. Throws DroverError when it must not start. */
  start({ targets, addresses, login, expect, ...request }: StartRun, actor: Actor): RunRef {
    const hosts = this.#settings.hosts.choose({ targets, addresses, login }, actor);
    const selector = selectorText(targets, addresses);
    return this.#create({ request, login, hosts, selector, actor, rerunOf: null, expect });
  }

  /** A new run of the same task on all or some of the targets of an ended one. */
  rerun({ run: key, hosts: choice, login }: Rerun, actor: Actor): RunRef {
    const run = this.find(key, actor);
    if (!isFinal(run.status)) {
      throw new DroverError('run-is-live', `Run ${run.no} has not ended: it can be run again when it has`, {
        detail: { status: run.status },
      });
    }
    const { archive } = this.#services;
    const { task, options } = archive.getDetail(run.id);
    const wanted = chosenHosts(archive.getHosts(run.id, { after: -1, limit: run.counts.total }), choice);
    const strange = [...wanted].find((host) => host >= run.counts.total);
    if (strange !== undefined) {
      throw new DroverError('nothing-to-rerun', `Run ${run.no} has no target ${strange}`);
    }
    const planned = archive.getPlan(run.id).filter(({ host }) => wanted.has(host));
    if (planned.length === 0) {
      throw new DroverError('nothing-to-rerun', `Run ${run.no} has no ${choiceWords(choice)}targets`);
    }
    const request = { name: run.name, task, options };
    const hosts = this.#settings.hosts.again(planned, { login, run }, actor);
    const rerunOf = { id: run.id, no: run.no };
    return this.#create({ request, login, hosts, selector: run.selector, actor, rerunOf });
  }

  /**
   * Pending: cancelled at once. Running: cancelling, until the targets have answered; by `waiting` it goes on with those
   * that work and begins none of those that wait. Else refused, naming the state.
   */
  cancel(key: RunKey, actor: Actor, level: CancelLevel = 'all'): Run {
    const run = this.find(key, actor);
    const moved = requestCancel(this.#services, { find: () => this.find(run.id, actor), actor, level });
    if (moved.status === 'running') {
      this.#live.get(run.id)?.halt();
    } else if (moved.status === 'cancelling') {
      this.#live.get(run.id)?.cancel();
    } else {
      this.#queue.splice(0, this.#queue.length, ...this.#queue.filter((id) => id !== run.id));
      this.#settings.logins.forget(run.id);
      this.#pack(run.id);
    }
    return this.find(run.id, actor);
  }

  /** Kills what runs at once, with or without a cancel before it. */
  kill(key: RunKey, actor: Actor): Run {
    const run = this.find(key, actor);
    if (run.status !== 'cancelling') {
      this.cancel(run.id, actor);
    }
    const { archive } = this.#services;
    archive.recordAudit({ actor, action: 'run.kill', objectType: 'run', objectId: run.id, detail: { no: run.no } });
    this.#live.get(run.id)?.kill();
    return this.find(run.id, actor);
  }

  /** Throws `not-found` alike for a run that is absent and one of another team. */
  find(key: RunKey, actor: Actor): Run {
    const run = this.#services.archive.findRun(actor.teamId, key);
    if (!run) {
      throw new DroverError('not-found', `There is no run ${key}: the list of runs shows which there are`);
    }
    return run;
  }

  #create({ login, ...start }: Start): RunRef {
    const { archive, clock, digest, disk, limits, hub, taskTypes } = this.#services;
    if (this.#closing) {
      throw new DroverError('engine-stopping', 'This engine is stopping and takes no new runs');
    }
    if (this.#queue.length >= this.#settings.queueLimits().queueLength) {
      throw new DroverError('queue-full', `The queue holds ${this.#queue.length} runs already`);
    }
    const { minFreeShare } = limits().output;
    if (disk.free().share < minFreeShare) {
      const share = Math.round(minFreeShare * 100);
      throw new DroverError(
        'no-space',
        `Less than ${share} % of the disk under the data folder is free: make room first`,
      );
    }
    const { actor, request, rerunOf } = start;
    const taskType = taskTypes.get(request.task.type);
    if (!taskType) {
      throw new DroverError('bad-input', `No task type ${request.task.type}`);
    }
    const id = this.#settings.ids.next();
    const plan = planRun({ ...start, taskType, id, now: clock.now(), digest });
    const { name, textSha256, planSha256 } = plan.run;
    if (login) {
      this.#settings.logins.give(id, login);
    }
    const run = archive.createRun(plan.run, plan.hosts, {
      actor,
      action: rerunOf ? 'run.rerun' : 'run.start',
      objectType: 'run',
      objectId: id,
      detail: { name, targets: plan.hosts.length, textSha256, planSha256, rerunOf: rerunOf?.no ?? null },
    });
    this.#queue.push(run.id);
    hub.stateChanged(run.id);
    // The answer comes before the work: whoever asked has the number when the first target is contacted.
    clock.after(0, () => this.#pump());
    return { id: run.id, no: run.no };
  }

  #pump(): void {
    while (!this.#closing && this.#live.size < this.#settings.queueLimits().runsAtOnce) {
      const id = this.#queue.shift();
      if (id === undefined) {
        return;
      }
      this.#begin(id);
    }
  }

  #begin(id: string): void {
    const { archive, log } = this.#services;
    try {
      const live = new LiveRun(this.#services, archive.getDetail(id), archive.getPlan(id));
      this.#live.set(id, live);
      live.work().catch((error: unknown) => log.error('a run broke down', { runId: id, error }));
      // Not when the work is through: a run that was given up has ended, though its work may wait for an answer for ever.
      void live.ended.then(() => this.#leave(id));
    } catch (error) {
      log.error('a run could not be read', { runId: id, error });
    }
  }

  #leave(id: string): void {
    this.#live.delete(id);
    this.#settings.logins.forget(id);
    this.#endIfLost(id);
    this.#pack(id);
    this.#pump();
  }

  /** A run nobody works on must not claim to be live; what fails here is tried again by the watchdog. */
  #endIfLost(id: string): void {
    const { archive, hub, log } = this.#services;
    try {
      const detail = archive.getDetail(id);
      if (!isFinal(detail.run.status)) {
        endLostRun(this.#services, { run: detail.run, detail }, 'breakdown');
        hub.stateChanged(id);
      }
    } catch (error) {
      log.error('a run that nobody works on could not be ended', { runId: id, error });
    }
  }

  /** Packs the output of an ended run later, one run after the other. */
  #pack(id: string): void {
    this.#unpacked.push(id);
    if (this.#unpacked.length === 1) {
      this.#packAfter(packDelayMs);
    }
  }

  /** One small step, so that other work goes on in between. */
  #packAfter(ms: number): void {
    const { archive, clock, log } = this.#services;
    clock.after(ms, () => {
      const id = this.#unpacked[0];
      if (this.#closing || id === undefined) {
        return;
      }
      let again = false;
      try {
        again = archive.packOutput(id);
      } catch (error) {
        log.warn('output could not be packed', { runId: id, error });
      }
      if (!again) {
        this.#unpacked.shift();
      }
      if (this.#unpacked.length > 0) {
        this.#packAfter(packPaceMs);
      }
    });
  }

  #watch(): void {
    const { archive, clock, log } = this.#services;
    this.#stopWatchdog = clock.after(watchdogMs, () => {
      try {
        const known = new Set([...this.#queue, ...this.#live.keys()]);
        // The count is cheap, the list is not when many runs wait.
        const unended = archive.countLive() > known.size ? archive.unendedRuns() : [];
        for (const { run } of unended.filter(({ run: { id } }) => !known.has(id))) {
          this.#endIfLost(run.id);
        }
      } catch (error) {
        log.error('the watchdog could not look after the runs', { error });
      }
      this.#watch();
    });
  }
}
