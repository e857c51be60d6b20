/** Allows something so many times within any window at once, and says how long the next has to wait. */
export class Burst {
  readonly #windowMs: number;
  /** When it was last done, the oldest first; as many as are allowed. */
  readonly #times: number[];

  constructor(count: number, windowMs: number) {
    this.#windowMs = windowMs;
    this.#times = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  }

  /** Milliseconds from `now`, by the same clock as `note`; 0 when it may be done at once. */
  waitMs(now: number): number {
    const [oldest = now] = this.#times;
    return Math.max(0, oldest + this.#windowMs - now);
  }

  note(now: number): void {
    this.#times.shift();
    this.#times.push(now);
  }
}
