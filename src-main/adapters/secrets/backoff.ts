import { DroverError } from '#contract/errors';

const freeTries = 3;
const longestMs = 60_000;

/** Makes whoever tries passphrases wait longer with each wrong one: 1 s after the third, twice as long each time, at most a minute. */
export class Backoff {
  readonly #monotonic: () => number;
  #wrong = 0;
  #until = 0;

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Throws DroverError `too-many-tries` while there is still to wait. */
  check(): void {
    const waitMs = this.#until - this.#monotonic();
    if (this.#wrong >= freeTries && waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000);
      throw new DroverError('too-many-tries', `${this.#wrong} wrong passphrases: try again in ${seconds} s`, {
        detail: { seconds },
      });
    }
  }

  /** Gives how many were wrong in a row. */
  failed(): number {
    this.#wrong += 1;
    this.#until = this.#monotonic() + Math.min(longestMs, 1_000 * 2 ** (this.#wrong - freeTries));
    return this.#wrong;
  }

  succeeded(): void {
    this.#wrong = 0;
  }
}
