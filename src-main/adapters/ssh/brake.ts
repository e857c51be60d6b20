/** Lets a number of tasks work at once; the others wait in the order they came. */
export class Brake {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #working = 0;

  constructor(limit: number) {
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
      // The place is handed over, not given up: who comes between would take it as well.
      const next = this.#waiting.shift();
      if (next) {
        next();
      } else {
        this.#working -= 1;
      }
    }
  }

  async #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#working < this.#limit) {
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
  readonly #limit: number;
  readonly #brakes = new Map<string, Brake>();

  constructor(limit: number) {
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
