import type { Run, RunChange, RunStatus } from '#contract/run';

const finalStatuses: ReadonlySet<RunStatus> = new Set(['success', 'failed', 'timeout', 'cancelled']);

export const isFinal = (run: Pick<Run, 'status'>): boolean => finalStatuses.has(run.status);

/** What the whole program knows of runs that change: the newest row of each, and who wants to hear of changes. */
export class LiveRuns {
  readonly #byNumber = new Map<number, Run>();
  readonly #subscribers = new Set<() => void>();
  readonly #watchers = new Set<(change: RunChange) => void>();
  #live: readonly Run[] = [];

  /** Runs that have not ended, the newest first; the same array until one of them changes. */
  get live(): readonly Run[] {
    return this.#live;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#subscribers.add(listener);
    return () => this.#subscribers.delete(listener);
  };

  /** Hears every change once; the returned function ends that. */
  watch(listener: (change: RunChange) => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** The newest row seen of a run, if any. */
  byNumber(no: number): Run | undefined {
    return this.#byNumber.get(no);
  }

  take(change: RunChange): void {
    if (change.kind === 'run') {
      const known = this.#byNumber.get(change.run.no);
      if (known && known.rev >= change.run.rev) {
        return;
      }
      this.#byNumber.set(change.run.no, change.run);
      this.#refresh();
    }
    for (const watcher of this.#watchers) {
      watcher(change);
    }
  }

  /** Starts from what a list said; rows that are older than what is known are left out. */
  takeAll(runs: readonly Run[]): void {
    for (const run of runs) {
      this.take({ kind: 'run', run });
    }
  }

  #refresh(): void {
    const rows = [...this.#byNumber.values()].toSorted((a, b) => b.no - a.no);
    // Rows of ended runs are kept a while, so that a late, older row cannot bring them back.
    for (const old of rows.filter(isFinal).slice(500)) {
      this.#byNumber.delete(old.no);
    }
    this.#live = rows.filter((run) => !isFinal(run));
    for (const subscriber of this.#subscribers) {
      subscriber();
    }
  }
}
