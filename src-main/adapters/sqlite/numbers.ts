import type { Store } from './store.ts';

/** Each node has this many numbers of every kind; numbers of node 0 are the bare counters. */
const numbersPerNode = 2 ** 40;

/** What kinds of objects are numbered, each kind by itself. */
type Kind = 'runs' | 'steps' | 'sessions' | 'audit' | 'targets' | 'credentials' | 'host_keys';

/** Left out at every start: whoever follows may have seen a few numbers whose changes a power cut took back. */
const revsSkippedAtStart = 1_000_000;

/** Gives numbers that were never given before; each method must be called inside a transaction. */
export class Numbers {
  readonly #store: Store;
  readonly #base: number;

  constructor(store: Store, nodeNumber: number) {
    this.#store = store;
    this.#base = nodeNumber * numbersPerNode;
  }

  next(kind: Kind): number {
    return this.#base + this.#take(kind, 1);
  }

  /** The first of `count` revisions in a row. */
  revs(count: number): number {
    return this.#take('rev', count) - count + 1;
  }

  currentRev(): number {
    return (
      this.#store.statement<[], { value: number }>(`SELECT value FROM counters WHERE kind = 'rev'`).get()?.value ?? 0
    );
  }

  skipRevs(): void {
    this.#take('rev', revsSkippedAtStart);
  }

  /** The numbers that `#serial` on a screen may mean: a counter of this node or of the time before it had a number. */
  ofSerial(serial: number): number[] {
    return [serial, this.#base + serial];
  }

  #take(kind: string, count: number): number {
    const row = this.#store
      .statement<[string, number, number], { value: number }>(
        `INSERT INTO counters (kind, value) VALUES (?, ?)
         ON CONFLICT (kind) DO UPDATE SET value = value + ? RETURNING value`,
      )
      .get(kind, count, count);
    return row?.value ?? 0;
  }
}
