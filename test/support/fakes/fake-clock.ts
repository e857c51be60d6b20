import type { Clock } from '#core/ports';

type Timer = { readonly due: number; readonly order: number; readonly act: () => void };

/** Lets everything run that waits for no timer. */
export const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Time that stands still until it is told to go on; the wall clock may jump without the monotonic one. */
export class FakeClock implements Clock {
  #monotonic = 1_000;
  #wall = Date.UTC(2026, 3, 30, 10);
  #order = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(ms: number, act: () => void): () => void {
    this.#order += 1;
    const timer = { due: this.#monotonic + Math.max(0, ms), order: this.#order, act };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Moves the wall clock alone. */
  setWall(at: number): void {
    this.#wall = at;
  }

  /** Fires what is due within `ms`, in order, each at its own moment; what they set off runs in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settled();
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#fire(timer);
      await settled();
    }
    this.#goTo(end);
  }

  /** Fires timers until `isDone`; fails when none is left or more time than `mostMs` would pass. */
  async until(isDone: () => boolean, mostMs = 86_400_000): Promise<void> {
    const end = this.#monotonic + mostMs;
    for (await settled(); !isDone(); await settled()) {
      const timer = this.#next(end);
      if (!timer) {
        throw new Error(`nothing more happens within ${mostMs} ms`);
      }
      this.#fire(timer);
    }
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due <= end && (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order))) {
        next = timer;
      }
    }
    return next;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#goTo(timer.due);
    timer.act();
  }

  #goTo(moment: number): void {
    const passed = Math.max(0, moment - this.#monotonic);
    this.#monotonic += passed;
    this.#wall += passed;
  }
}
