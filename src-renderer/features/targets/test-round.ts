import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { TargetTest } from '#contract/target';

export type TestRoundState = {
  readonly total: number;
  readonly tests: readonly TargetTest[];
  readonly phase: 'testing' | 'cancelled' | 'done';
  /** What ended the round early. */
  readonly error: DroverError | null;
};

/** The engine tests sixteen at once; larger lots would only tell later. */
const lot = 16;
const lotsAtOnce = 2;

/** Tests many targets in lots, so that there is something to see early and to cancel. */
export class TestRound {
  readonly #client: DroverClient;
  readonly #lots: string[][] = [];
  readonly #listeners = new Set<() => void>();
  #state: TestRoundState;

  constructor(client: DroverClient, ids: readonly string[]) {
    this.#client = client;
    for (let at = 0; at < ids.length; at += lot) {
      this.#lots.push(ids.slice(at, at + lot));
    }
    this.#state = { total: ids.length, tests: [], phase: 'testing', error: null };
  }

  get state(): TestRoundState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Resolves when nothing more is tested, whatever came of it. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: lotsAtOnce }, () => this.#work()));
    if (this.#state.phase === 'testing') {
      this.#set({ phase: this.#state.error ? 'cancelled' : 'done' });
    }
  }

  /** Begins no further lot; what is being tried just now is still told. */
  readonly cancel = (): void => {
    this.#lots.length = 0;
    if (this.#state.phase === 'testing') {
      this.#set({ phase: 'cancelled' });
    }
  };

  async #work(): Promise<void> {
    for (let ids = this.#lots.shift(); ids; ids = this.#lots.shift()) {
      try {
        const { tests } = await this.#client.call('target.test', { ids });
        this.#set({ tests: [...this.#state.tests, ...tests] });
      } catch (error) {
        if (!(error instanceof DroverError)) {
          throw error;
        }
        this.#lots.length = 0;
        this.#set({ error });
      }
    }
  }

  #set(change: Partial<TestRoundState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** How many ended for which reason, the most frequent first; null is an answer. */
export function countReasons(
  tests: readonly TargetTest[],
): { readonly reason: string | null; readonly count: number }[] {
  const counts = new Map<string | null, number>();
  for (const { ok, reason } of tests) {
    const key = ok ? null : (reason ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => ({ reason, count })).toSorted((a, b) => b.count - a.count);
}
