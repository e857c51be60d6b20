import type { Clock } from '#core/ports';

const longestMs = 15;

/** Long work in slices: whoever asks between two steps waits a turn when the present slice has lasted long enough. */
export class Breath {
  readonly #clock: Clock;
  #began: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#began = clock.monotonic();
  }

  /** Undefined while the slice may go on. */
  taken(): Promise<void> | undefined {
    return this.#clock.monotonic() - this.#began < longestMs ? undefined : this.#turn();
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
    this.#began = this.#clock.monotonic();
  }
}
