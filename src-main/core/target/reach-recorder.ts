import type { Reached } from '#contract/target';
import type { Clock, Log } from '#core/ports';

type RecorderParts = {
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Pick<Log, 'warn'>;
  /** The last result of each target, by its id. */
  readonly save: (results: ReadonlyMap<string, Reached>) => void;
};

const writeEveryMs = 500;

/** Keeps when targets were last contacted: one write for all results of half a second. */
export class ReachRecorder {
  readonly #parts: RecorderParts;
  #waiting = new Map<string, Reached>();
  #stopTimer: (() => void) | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  record(targetId: string, reached: Reached): void {
    this.#waiting.set(targetId, reached);
    this.#stopTimer ??= this.#parts.clock.after(writeEveryMs, () => this.flush());
  }

  /** Writes what waits; called when the engine closes, too. A result that cannot be written waits for the next one. */
  flush(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    if (this.#waiting.size === 0) {
      return;
    }
    try {
      this.#parts.save(this.#waiting);
      this.#waiting = new Map();
    } catch (error) {
      this.#parts.log.warn('reachability not stored', { targets: this.#waiting.size, error });
    }
  }
}
