import type { HostStatus } from '#contract/run';
import type {
  Archive,
  Clock,
  Exec,
  ExecResult,
  HostResult,
  Log,
  PlannedHost,
  StopSignals,
  TaskType,
} from '#core/ports';
import type { Task } from '#contract/run';
import type { CommitQueue } from './commit-queue.ts';
import type { OutputRecorder } from './output-recorder.ts';
import { untilStored } from './until-stored.ts';

export type HostWork = {
  readonly runId: string;
  readonly task: Task;
  readonly finalText: string;
  readonly timeoutMs: number;
  /** From asking a target to stop until it is killed. */
  readonly killAfterMs: number;
  readonly taskType: TaskType;
  readonly exec: Exec;
  readonly recorder: OutputRecorder;
  readonly archive: Archive;
  readonly commits: CommitQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChange: () => void;
};

/** Why a target was told to stop, when it was. */
type StopCause = 'none' | 'timeout' | 'deadline' | 'cancel';

/** The stop of a whole run; `cause` tells which, once it was asked for. */
export type RunStop = StopSignals & { readonly cause: () => 'deadline' | 'cancel' };

/** From a kill until a target that never answers is given up. */
const giveUpMs = 5_000;

/**
 * Works on one target and stores its result; never rejects. The target's start is durable before it is contacted. Ends
 * at the latest when time-out, kill and the grace after it are over; what comes later is kept as a late result.
 */
export async function runHost(work: HostWork, host: PlannedHost, runStop: RunStop): Promise<HostStatus> {
  const { archive, clock, log, runId } = work;
  const started = await untilStored(
    work,
    () => work.commits.write(() => archive.startHost(runId, host.host, clock.now())),
    runStop.term,
  ).catch((error: unknown) => {
    log.error('the start of a target could not be stored', { runId, host: host.host, error });
    return false;
  });
  if (!started) {
    return 'skipped';
  }
  const began = clock.monotonic();
  work.onChange();
  const stop = new HostStop(work, runStop);
  const finished = workOn(work, host, stop);
  const store = async (result: ExecResult | undefined): Promise<HostStatus> => {
    const outcome = outcomeOf(result, stop.cause, work.timeoutMs);
    const end = { ...outcome, endedAt: clock.now(), durationMs: Math.round(clock.monotonic() - began) };
    const { recorder } = work;
    const ended = (): Pick<HostResult, 'out' | 'err'> => recorder.endHost(host.host);
    await untilStored(work, () => {
      const act = (): boolean => archive.finishHost(runId, host.host, { ...end, ...ended() });
      // Its output goes first, outside the transaction: what was taken from the recorder cannot be put back.
      return work.commits.write(act, [() => recorder.endLines(host.host), ended]);
    }).catch((error: unknown) =>
      log.error('the result of a target could not be stored', { runId, host: host.host, error }),
    );
    work.onChange();
    return outcome.status;
  };
  const first = await Promise.race([finished, stop.givenUp]);
  stop.dispose();
  const status = await store(first);
  if (!first) {
    void finished.then(store);
  }
  return status;
}

/** Never rejects. A stop that came between the start and this moment contacts nobody. */
async function workOn(work: HostWork, host: PlannedHost, stop: HostStop): Promise<ExecResult> {
  if (stop.term.aborted) {
    return { kind: 'failed', reason: 'cancelled', stopped: null, message: 'It was not contacted' };
  }
  try {
    return await work.taskType.run(work.task, {
      runId: work.runId,
      target: host,
      finalText: work.finalText,
      exec: work.exec,
      sink: (stream, bytes) => work.recorder.write(host.host, stream, bytes),
      stop,
    });
  } catch (error) {
    work.log.error('a task type failed', { runId: work.runId, host: host.host, error });
    return { kind: 'failed', reason: 'lost', stopped: null, message: 'Drover failed while it worked on this target' };
  }
}

type Outcome = Omit<HostResult, 'endedAt' | 'durationMs' | 'out' | 'err'>;

/** The true result of a target: what it did by itself counts, even when a stop was on its way. */
function outcomeOf(result: ExecResult | undefined, cause: StopCause, timeoutMs: number): Outcome {
  const message = result ? result.message : 'It did not answer the stop and may still be running there';
  const exitCode = result?.kind === 'exited' ? result.exitCode : null;
  const base = { exitCode, stopped: result?.stopped ?? null, message };
  if (!result || result.stopped !== null || (result.kind === 'failed' && result.reason === 'cancelled')) {
    return stoppedOutcome(base, cause, timeoutMs);
  }
  if (result.kind === 'failed') {
    return { ...base, status: 'failed', reason: result.reason };
  }
  return exitCode === 0
    ? { ...base, status: 'success', reason: null }
    : { ...base, status: 'failed', reason: 'exit-code' };
}

/** Of a target that did not end by itself. */
function stoppedOutcome(base: Omit<Outcome, 'status' | 'reason'>, cause: StopCause, timeoutMs: number): Outcome {
  switch (cause) {
    case 'cancel':
      return { ...base, status: 'cancelled', reason: 'cancelled' };
    case 'timeout':
    case 'deadline': {
      const limit = cause === 'timeout' ? `Took longer than ${timeoutMs / 1000} s` : 'The run reached its time limit';
      const message = [limit, base.message].filter(Boolean).join('. ');
      return { ...base, status: 'timeout', reason: 'timed-out', message };
    }
    case 'none':
      return { ...base, status: 'failed', reason: 'lost' };
  }
}

/** The stop of one target: by the run's cancel or by its own time-out, first asked, then killed, then given up. */
class HostStop implements StopSignals {
  readonly #term = new AbortController();
  readonly #kill = new AbortController();
  readonly #work: HostWork;
  readonly #timers: (() => void)[] = [];
  readonly #runStop: RunStop;
  readonly #giveUp = Promise.withResolvers<undefined>();
  cause: StopCause = 'none';

  constructor(work: HostWork, runStop: RunStop) {
    this.#work = work;
    this.#runStop = runStop;
    this.#later(work.timeoutMs, () => this.#ask('timeout'));
    runStop.term.addEventListener('abort', this.#onCancel);
    runStop.kill.addEventListener('abort', this.#onKill);
    if (runStop.term.aborted) {
      this.#onCancel();
    }
    if (runStop.kill.aborted) {
      this.#onKill();
    }
  }

  get term(): AbortSignal {
    return this.#term.signal;
  }

  get kill(): AbortSignal {
    return this.#kill.signal;
  }

  /** Resolves when nothing more can be expected of the target. */
  get givenUp(): Promise<undefined> {
    return this.#giveUp.promise;
  }

  dispose(): void {
    for (const cancel of this.#timers) {
      cancel();
    }
    this.#runStop.term.removeEventListener('abort', this.#onCancel);
    this.#runStop.kill.removeEventListener('abort', this.#onKill);
  }

  readonly #onCancel = (): void => this.#ask(this.#runStop.cause());
  readonly #onKill = (): void => {
    this.#ask(this.#runStop.cause());
    this.#force();
  };

  #later(ms: number, act: () => void): void {
    this.#timers.push(this.#work.clock.after(ms, act));
  }

  #ask(cause: StopCause): void {
    if (this.#term.signal.aborted) {
      return;
    }
    this.cause = cause;
    this.#term.abort();
    this.#later(this.#work.killAfterMs, () => this.#force());
  }

  #force(): void {
    if (this.#kill.signal.aborted) {
      return;
    }
    this.#kill.abort();
    // A cancelled run has its own, longer limit for targets that never answer.
    if (this.cause !== 'cancel') {
      this.#later(giveUpMs, () => this.#giveUp.resolve(undefined));
    }
  }
}
