import type { PurgeOutlook, PurgeRules, Sweep, SweepState } from '#contract/retention';
import type { Actor, Clock, Log } from '#core/ports';
import type { DoomedRun, RetentionStore } from '#core/ports-retention';
import { purgeJudge } from './purge-judge.ts';

type RetentionParts = {
  readonly store: RetentionStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly engine: Actor;
  readonly nodeId: string;
  readonly rules: () => PurgeRules;
  /** The output of this run is gone. */
  readonly told: (runId: string) => void;
};

/** From the start of the engine to the first sweep, and between two. */
const firstMs = 10_000;
const everyMs = 3_600_000;
/** Between two steps, which take some 10 ms each: the engine's other work goes before. */
const paceMs = 20;
/** Runs looked at in one step. */
const pageRuns = 500;
const mostShown = 10;
/** A wall clock that differs by more from the monotonic one was set, or is wrong. */
const jumpMs = 86_400_000;

type Running = {
  readonly actor: Actor;
  readonly ended: Promise<void>;
  runs: number;
  of: number | null;
  bytes: number;
  stop: boolean;
};

/**
 * Removes the output of old runs by the rules of the settings, an hour apart, in steps so short that nobody waits for
 * them. What is done is in the archive: a sweep that was killed goes on where it was.
 */
export class RetentionService {
  readonly #parts: RetentionParts;
  #running: Running | undefined;
  #problem: string | null = null;
  #nextAt: number | null = null;
  #wake: () => void = () => undefined;
  #stopTimer: () => void = () => undefined;
  #seen: { readonly wall: number; readonly monotonic: number };
  #closed = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#seen = this.#times();
  }

  open(): void {
    this.#plan(firstMs);
  }

  /** Resolves when nothing of this touches the archive any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    this.#wake();
    await this.#running?.ended;
  }

  state(): SweepState {
    const { store } = this.#parts;
    const running = this.#running;
    return {
      running: running ? { runs: running.runs, of: running.of, bytes: running.bytes } : null,
      last: store.lastSweep() ?? null,
      problem: this.#problem,
      nextAt: this.#nextAt,
    };
  }

  async preview(): Promise<PurgeOutlook> {
    const kept = { runs: 0, bytes: 0 };
    const rules = this.#parts.rules();
    const byRule = { age: 0, count: 0, bytes: 0 };
    let bytes = 0;
    let oldest: PurgeOutlook['oldest'] = [];
    await this.#judged(rules, (run, doomed) => {
      kept.runs += run.bytes > 0 ? 1 : 0;
      kept.bytes += run.bytes;
      if (doomed?.why) {
        const { rule } = doomed.why;
        byRule[rule] += 1;
        bytes += run.bytes;
        oldest = [{ no: run.no, endedAt: run.endedAt ?? 0, bytes: run.bytes, rule }, ...oldest].slice(0, mostShown);
      }
    });
    return { rules, kept, removes: { bytes, byRule }, oldest };
  }

  /** Begins a sweep, unless one is under way. */
  sweep(actor: Actor): SweepState {
    if (!this.#running && !this.#closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const running = { actor, ended: promise, runs: 0, of: null, bytes: 0, stop: false };
      this.#running = running;
      this.#problem = null;
      void this.#work(running).then(() => {
        this.#running = undefined;
        resolve();
      });
    }
    return this.state();
  }

  stop(): SweepState {
    if (this.#running) {
      this.#running.stop = true;
    }
    return this.state();
  }

  #plan(ms: number): void {
    const { clock } = this.#parts;
    this.#nextAt = Math.round(clock.now() + ms);
    this.#stopTimer = clock.after(ms, () => {
      this.#plan(everyMs);
      if (this.#isClockSteady()) {
        this.sweep(this.#parts.engine);
      }
    });
  }

  #times(): { readonly wall: number; readonly monotonic: number } {
    const { clock } = this.#parts;
    return { wall: clock.now(), monotonic: clock.monotonic() };
  }

  /** A clock that jumped ahead would make all runs old: whoever set it wrong has an hour to mend it. */
  #isClockSteady(): boolean {
    const [before, now] = [this.#seen, this.#times()];
    this.#seen = now;
    const drift = now.wall - before.wall - (now.monotonic - before.monotonic);
    if (Math.abs(drift) > jumpMs) {
      this.#parts.log.warn('the clock was set: retention waits for the next hour', { driftMs: Math.round(drift) });
      return false;
    }
    return true;
  }

  async #work(running: Running): Promise<void> {
    const { store, log } = this.#parts;
    try {
      const doomed = await this.#doomed(running);
      running.of = doomed.filter(({ why }) => why !== null).length;
      // One that was killed after its last step has no end yet.
      const isOpen = store.lastSweep()?.endedAt === null;
      if ((doomed.length > 0 || isOpen) && this.#goesOn(running)) {
        await this.#purge(doomed, running);
      }
      while (this.#goesOn(running) && store.giveBack()) {
        await this.#pause(paceMs);
      }
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      log.error('retention could not go on', { error });
    }
  }

  readonly #goesOn = ({ stop }: Running): boolean => !stop && !this.#closed;

  /** Oldest first; those that were begun before come before all. */
  async #doomed(running: Running): Promise<DoomedRun[]> {
    const begun = this.#parts.store.halfPurged();
    const known = new Set(begun.map(({ no }) => no));
    const found: DoomedRun[] = [];
    await this.#judged(
      this.#parts.rules(),
      (run, doomed) => {
        if (doomed && !known.has(run.no)) {
          found.push(doomed);
        }
      },
      running,
    );
    return [...begun, ...found.toReversed()];
  }

  async #judged(
    rules: PurgeRules,
    each: (run: ReturnType<RetentionStore['keptRuns']>[number], doomed: DoomedRun | null) => void,
    running?: Running,
  ): Promise<void> {
    const { store, clock } = this.#parts;
    const judge = purgeJudge(rules, clock.now());
    for (let before = Number.MAX_SAFE_INTEGER; !this.#closed && running?.stop !== true;) {
      const page = store.keptRuns(before, pageRuns);
      for (const run of page) {
        each(run, judge(run));
      }
      const last = page.at(-1);
      if (!last || page.length < pageRuns) {
        return;
      }
      before = last.no;
      await this.#pause(0);
    }
  }

  async #purge(doomed: readonly DoomedRun[], running: Running): Promise<void> {
    const { store, clock, told, log } = this.#parts;
    const at = Math.round(clock.now());
    const no = store.beginSweep(running.actor.name, at);
    for (let next = 0; next < doomed.length && this.#goesOn(running);) {
      const step = store.purge(doomed.slice(next, next + pageRuns), { no, at });
      next += step.done;
      running.runs += step.runIds.length;
      running.bytes += step.bytes;
      step.runIds.forEach(told);
      await this.#pause(paceMs);
    }
    if (!this.#closed) {
      const end = { at: Math.round(clock.now()), stopped: running.stop };
      store.endSweep(end, (sweep) => this.#auditOf(running.actor, sweep));
      log.info('output was removed by policy', { runs: running.runs, bytes: running.bytes, stopped: running.stop });
    }
  }

  #auditOf(actor: Actor, { beganAt, stopped, bytes, byRule }: Sweep) {
    const detail = { rules: this.#parts.rules(), beganAt, stopped, bytes, byRule };
    return { actor, action: 'retention.sweep', objectType: 'node', objectId: this.#parts.nodeId, detail };
  }

  /** Ends at once when the engine closes. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
