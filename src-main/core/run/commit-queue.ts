import type { Archive, Clock } from '#core/ports';
import { Burst } from './burst.ts';

type Queued = {
  readonly act: () => unknown;
  readonly before: readonly (() => void)[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};

type QueueParts = {
  readonly archive: Pick<Archive, 'together'>;
  readonly clock: Clock;
  readonly pace?: typeof usualPace;
};

/**
 * Transactions that may follow each other at once, and the milliseconds in which they may. The disk holds the whole
 * program up while it syncs: one target alone never waits, of a crowd many go together.
 */
const usualPace = { count: 2, windowMs: 25 };

/**
 * Writes what many targets have to say at the same moment in one transaction: each waits for the disk once, so hundreds
 * of them would wait for hundreds of turns of it. A write after a quiet moment is done at once.
 */
export class CommitQueue {
  readonly #archive: Pick<Archive, 'together'>;
  readonly #clock: Clock;
  readonly #burst: Burst;
  #queued: Queued[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor({ archive, clock, pace = usualPace }: QueueParts) {
    this.#archive = archive;
    this.#clock = clock;
    this.#burst = new Burst(pace.count, pace.windowMs);
  }

  /**
   * Resolves with what `act` gives when it is on disk. `act` writes by methods of the archive only, may be called again
   * and must not catch what they throw; one that throws rejects alone, the others are written without it. `before` is done
   * ahead of the transaction, the first step of all writes before the second of any: so they can share work as well.
   */
  write<T>(act: () => T, before: readonly (() => void)[] = []): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queued.push({ act, before, resolve: resolve as (value: unknown) => void, reject });
      const waitMs = this.#burst.waitMs(this.#clock.monotonic());
      if (waitMs <= 0) {
        this.#flush();
      } else {
        this.#cancelTimer ??= this.#clock.after(waitMs, () => this.#flush());
      }
    });
  }

  #flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const queued = this.#queued;
    this.#queued = [];
    const steps = Math.max(...queued.map(({ before }) => before.length));
    for (let step = 0; step < steps; step += 1) {
      queued.forEach(({ before }) => before[step]?.());
    }
    try {
      const values = this.#archive.together(() => queued.map(({ act }) => act()));
      for (const [index, { resolve }] of queued.entries()) {
        resolve(values[index]);
      }
    } catch (error) {
      if (queued.length === 1) {
        queued[0]?.reject(error);
      } else {
        queued.forEach((one) => this.#alone(one));
      }
    }
    this.#burst.note(this.#clock.monotonic());
  }

  #alone({ act, resolve, reject }: Queued): void {
    try {
      resolve(this.#archive.together(act));
    } catch (error) {
      reject(error);
    }
  }
}
