/** Lets a number of tasks work at once; the others wait in the order they came. */
export class Brake {
  readonly #limit: () => number;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  /** The limit is asked anew each time, because it may change. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get isIdle(): boolean {
    return this.#working === 0 && this.#waiting.length === 0;
  }

  /** Rejects as `act` does, or with the signal's reason when it aborts before `act` was begun. */
  async run<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    await this.#enter(signal);
    try {
      return await act();
    } finally {
      this.#leave();
    }
  }

  /** Places are handed over at once: who comes between would take them as well. */
  #leave(): void {
    this.#working -= 1;
    while (this.#working < this.#limit()) {
      const next = this.#waiting.shift();
      if (!next) {
        return;
      }
      this.#working += 1;
      next();
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#working < this.#limit()) {
      this.#working += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}

/** One brake a name, forgotten while nobody uses it. */
export class Brakes {
  readonly #limit: () => number;
  readonly #brakes = new Map<string, Brake>();

  constructor(limit: () => number) {
    this.#limit = limit;
  }

  async run<T>(name: string, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    const brake = this.#brakes.get(name) ?? new Brake(this.#limit);
    this.#brakes.set(name, brake);
    try {
      return await brake.run(signal, act);
    } finally {
      if (brake.isIdle && this.#brakes.get(name) === brake) {
        this.#brakes.delete(name);
      }
    }
  }
}
