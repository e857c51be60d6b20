import type { HostStatus, RunDetail, RunStatus } from '#contract/run';
import type {
  Actor,
  Archive,
  Clock,
  Digest,
  Disk,
  Exec,
  HostResult,
  Log,
  PlannedHost,
  RunChangeSet,
  TaskType,
} from '#core/ports';
import type { CommitQueue } from './commit-queue.ts';
import { runHost } from './host-runner.ts';
import { notStarted } from './not-started.ts';
import type { OutputHub } from './output-hub.ts';
import { type OutputLimits, OutputRecorder } from './output-recorder.ts';
import { isFinal, nextState, type RunEvent } from './run-state.ts';
import { runStep } from './step-runner.ts';
import { untilStored } from './until-stored.ts';
import { type EarlyEnd, haltReason, verdictOf, verdictReason } from './verdict.ts';

type RunLimits = {
  readonly output: OutputLimits;
  /** From asking a target to stop until it is killed. */
  readonly killAfterMs: number;
  /** From a cancel until the run is ended without the answers of its targets. */
  readonly cancelForcedAfterMs: number;
};

export type RunServices = {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly digest: Digest;
  readonly disk: Disk;
  readonly log: Log;
  readonly exec: Exec;
  readonly taskTypes: ReadonlyMap<string, TaskType>;
  readonly hub: OutputHub;
  readonly commits: CommitQueue;
  /** Asked anew whenever one is needed: they may change while runs go on. */
  readonly limits: () => RunLimits;
  /** The engine itself, for what no person did. */
  readonly engine: Actor;
};

/** From a kill by hand until a run is ended without answers. */
const killForcedAfterMs = 5_000;

const unanswered = 'It did not answer the stop and may still be running there';

/** One run from its claim to its end: owns its timers, its stop signals and its output. */
export class LiveRun {
  readonly #services: RunServices;
  readonly #detail: RunDetail;
  readonly #hosts: readonly PlannedHost[];
  /** Nothing more is begun; a stop of what works implies it. */
  readonly #halt = new AbortController();
  readonly #term = new AbortController();
  readonly #kill = new AbortController();
  readonly #timers: (() => void)[] = [];
  readonly #recorder: OutputRecorder;
  readonly #ended = Promise.withResolvers<void>();
  #early: EarlyEnd = 'none';
  #began = 0;
  #closed = false;

  constructor(services: RunServices, detail: RunDetail, hosts: readonly PlannedHost[]) {
    this.#services = services;
    this.#detail = detail;
    this.#hosts = hosts;
    this.#term.signal.addEventListener('abort', () => this.#halt.abort());
    this.#recorder = new OutputRecorder(services, {
      id: this.id,
      limits: () => services.limits().output,
      onStored: () => services.hub.outputStored(this.id),
    });
  }

  get id(): string {
    return this.#detail.run.id;
  }

  /** Resolves when the run has a final status, or nobody works on it any more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /**
   * Claims the run and works on it until it has ended; nothing is done when it was cancelled before its claim. Rejects
   * only when the archive fails for good: the run then stands as it stood.
   */
  async work(): Promise<void> {
    try {
      await this.#work();
    } finally {
      this.#close();
    }
  }

  /** Begins nothing more; what works comes to its end. */
  halt(): void {
    this.#halt.abort();
  }

  /** The run stands at `cancelling`: asks its targets to stop, kills later, ends without their answers at last. */
  cancel(): void {
    this.#term.abort();
    this.#explain('cancelling', { type: 'stop-sent' });
    const { killAfterMs, cancelForcedAfterMs } = this.#services.limits();
    this.#later(killAfterMs, () => this.#explain('cancelling', { type: 'stop-harder' }));
    this.#later(cancelForcedAfterMs, () => this.#giveUpSoon());
  }

  kill(): void {
    this.#term.abort();
    this.#kill.abort();
    this.#explain('cancelling', { type: 'stop-harder' });
    this.#later(killForcedAfterMs, () => this.#giveUpSoon());
  }

  async #work(): Promise<void> {
    const { clock, taskTypes } = this.#services;
    const taskType = taskTypes.get(this.#detail.task.type);
    if (!taskType) {
      await untilStored(this.#services, () => this.#failDispatch(`No task type ${this.#detail.task.type}`));
      return;
    }
    if (!(await untilStored(this.#services, () => this.#claim()))) {
      return;
    }
    this.#began = clock.monotonic();
    const { options } = this.#detail;
    if (options.deadlineS > 0) {
      this.#later(options.deadlineS * 1000, () => this.#stopFor('deadline'));
    }
    this.#explain('running', { type: 'work' });
    const { early } = await runStep({
      hosts: this.#hosts,
      options,
      clock,
      halted: this.#halt.signal,
      onPause: (paused) => this.#explain('running', { type: paused ? 'pause' : 'work' }),
      runHost: (host) => this.#workOn(host, taskType),
    });
    this.#early = this.#early === 'none' ? early : this.#early;
    await untilStored(this.#services, () => this.#settle());
  }

  #claim(): boolean {
    return this.#move('pending', { type: 'claim' }, { startedAt: this.#services.clock.now() });
  }

  #failDispatch(reason: string): void {
    const { archive, clock } = this.#services;
    archive.together(() => {
      if (this.#move('pending', { type: 'dispatch-fail' }, { reason, endedAt: clock.now() })) {
        this.#skipPending();
      }
    });
  }

  #workOn(host: PlannedHost, taskType: TaskType): Promise<HostStatus> {
    return runHost(
      {
        ...this.#services,
        runId: this.id,
        task: this.#detail.task,
        finalText: this.#detail.finalText,
        timeoutMs: this.#detail.options.timeoutS * 1000,
        killAfterMs: this.#services.limits().killAfterMs,
        taskType,
        recorder: this.#recorder,
        onChange: () => this.#services.hub.stateChanged(this.id),
      },
      host,
      {
        term: this.#term.signal,
        kill: this.#kill.signal,
        cause: () => (this.#early === 'deadline' ? 'deadline' : 'cancel'),
      },
    );
  }

  #stopFor(cause: EarlyEnd): void {
    if (this.#term.signal.aborted) {
      return;
    }
    this.#early = cause;
    this.#term.abort();
  }

  #later(ms: number, act: () => void): void {
    this.#timers.push(this.#services.clock.after(ms, act));
  }

  /** A compare-and-set over the state machine; false when the run does not stand there any more. */
  #move(from: RunStatus, event: RunEvent, extra: Partial<RunChangeSet> = {}): boolean {
    const { archive, hub, engine } = this.#services;
    const present = archive.getDetail(this.id).run;
    const next = nextState(present, event);
    if (present.status !== from || !next.ok) {
      return false;
    }
    const audit = isFinal(next.state.status)
      ? { actor: engine, action: 'run.end', objectType: 'run', objectId: this.id, detail: { ...next.state } }
      : undefined;
    const moved = archive.moveRun(this.id, from, { ...next.state, ...extra }, audit);
    if (moved) {
      hub.stateChanged(this.id);
    }
    return moved !== undefined;
  }

  /** A phase only explains: one that cannot be stored is left out, the work goes on. */
  #explain(from: RunStatus, event: RunEvent): void {
    try {
      this.#move(from, event);
    } catch (error) {
      this.#services.log.warn('a phase could not be stored', { runId: this.id, error });
    }
  }

  #endTimes(): { endedAt: number; durationMs: number } {
    const { clock } = this.#services;
    return { endedAt: clock.now(), durationMs: Math.round(clock.monotonic() - this.#began) };
  }

  #skipPending(): void {
    const { archive, clock } = this.#services;
    archive.finishHosts(this.id, ['pending'], notStarted('Not started', clock.now()));
  }

  #settle(): void {
    this.#recorder.flush();
    this.#services.archive.together(() => this.#writeSettled());
  }

  #writeSettled(): void {
    this.#skipPending();
    const { counts, phase } = this.#services.archive.getDetail(this.id).run;
    if (counts.running > 0) {
      throw new Error('the result of a target could not be stored');
    }
    const verdict = verdictOf(counts, this.#detail.options, this.#early);
    const end = { reason: verdictReason(counts, verdict), ...this.#endTimes() };
    // A halt that found every target begun has kept nothing back, and one that a time limit overtook is told by that.
    if (phase === 'finishing' && counts.skipped > 0 && this.#early !== 'deadline') {
      this.#move('running', { type: 'cancel', by: 'by_user' });
      this.#move('cancelling', { type: 'settle', verdict }, { ...end, reason: haltReason(counts) });
      return;
    }
    const cancelled = { ...end, reason: cancelledReason(counts.cancelled, counts.skipped) };
    if (!this.#move('running', { type: 'settle', verdict }, end)) {
      this.#move('cancelling', { type: 'settle', verdict }, cancelled);
    }
  }

  #giveUpSoon(): void {
    untilStored(this.#services, () => this.#giveUp()).catch((error: unknown) =>
      this.#services.log.error('a run could not be given up', { runId: this.id, error }),
    );
  }

  /** Ends a cancelled run whose targets do not answer; their later results change nothing. */
  #giveUp(): void {
    if (this.#closed) {
      return;
    }
    const { archive } = this.#services;
    const open = archive.getHosts(this.id, { status: ['running'], after: -1, limit: this.#hosts.length });
    const ends = open.map(({ host, name }) => ({ host, name, ...this.#recorder.endHost(host) }));
    archive.together(() => this.#writeGivenUp(ends));
    this.#close();
  }

  #writeGivenUp(ends: readonly ({ host: number; name: string } & Pick<HostResult, 'out' | 'err'>)[]): void {
    const { archive, clock } = this.#services;
    for (const { host, out, err } of ends) {
      archive.finishHost(this.id, host, {
        ...notStarted(unanswered, clock.now()),
        status: 'cancelled',
        reason: 'cancelled',
        out,
        err,
      });
    }
    this.#skipPending();
    const { cancel } = archive.getDetail(this.id).run;
    this.#move(
      'cancelling',
      { type: 'give-up' },
      {
        reason: `Ended without an answer${mayRunOn(ends.map(({ name }) => name))}`,
        ...this.#endTimes(),
        ...(cancel && { cancel: { ...cancel, forced: true } }),
      },
    );
  }

  #close(): void {
    this.#closed = true;
    this.#recorder.close();
    for (const cancel of this.#timers) {
      cancel();
    }
    this.#ended.resolve();
  }
}

/** Three names and how many more there are. */
function mayRunOn(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return names.length === 0 ? '' : `: it may still run on ${names.slice(0, 3).join(', ')}${more}`;
}

function cancelledReason(cancelled: number, notStarted: number): string {
  const parts = [cancelled > 0 ? `${cancelled} stopped` : '', notStarted > 0 ? `${notStarted} not started` : ''];
  return parts.filter(Boolean).join(', ');
}
