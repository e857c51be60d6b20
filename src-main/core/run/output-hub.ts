import type { Signals } from '#core/ports';

/** Tells watchers that there is something new to read; what it is, they read from the archive, so none is lost or doubled. */
export class OutputHub implements Signals {
  readonly #any = new Set<() => void>();
  readonly #runs = new Map<string, Set<() => void>>();

  onRun(runId: string, listener: () => void): () => void {
    const listeners = this.#runs.get(runId) ?? new Set();
    this.#runs.set(runId, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#runs.get(runId) === listeners) {
        this.#runs.delete(runId);
      }
    };
  }

  onAny(listener: () => void): () => void {
    this.#any.add(listener);
    return () => this.#any.delete(listener);
  }

  /** New output of a run. */
  outputStored(runId: string): void {
    for (const listener of this.#runs.get(runId) ?? []) {
      listener();
    }
  }

  /** A run or one of its targets changed its state. */
  stateChanged(runId: string): void {
    this.outputStored(runId);
    for (const listener of this.#any) {
      listener();
    }
  }
}
