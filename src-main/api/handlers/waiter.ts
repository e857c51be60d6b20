import type { Clock } from '#core/ports';

/**
 * One signal that was or will be given: subscribed before history is read, so that nothing falls between the two.
 * Resolves at once when something happened since the last wait.
 */
export class Waiter {
  #wake: (() => void) | undefined;
  #woken = false;
  readonly #leave: () => void;
  readonly #signal: AbortSignal;

  constructor(subscribe: (listener: () => void) => () => void, signal: AbortSignal) {
    this.#signal = signal;
    this.#leave = subscribe(this.#ring);
    signal.addEventListener('abort', this.#ring);
  }

  readonly #ring = (): void => {
    this.#woken = true;
    this.#wake?.();
  };

  async next(): Promise<void> {
    if (!this.#woken && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#woken = false;
    this.#wake = undefined;
  }

  close(): void {
    this.#leave();
    this.#signal.removeEventListener('abort', this.#ring);
  }
}

/** Resolves after `ms` milliseconds, or when `signal` aborts. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(ms, done);
    signal.addEventListener('abort', done);
  });
}
