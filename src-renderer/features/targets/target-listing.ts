import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Target } from '#contract/target';

export type TargetListState = {
  /** The query that the rows belong to. */
  readonly query: string;
  readonly rows: readonly Target[];
  /** How many the query finds; more than there are rows while the rest is on its way. */
  readonly total: number;
  /** How many of the rest have come. */
  readonly loaded: number;
  readonly phase: 'loading' | 'more' | 'ready';
  readonly error: DroverError | null;
};

const start: TargetListState = { query: '', rows: [], total: 0, loaded: 0, phase: 'loading', error: null };

/** Small enough to be there at once. */
const firstPage = 500;
const nextPages = 5_000;

/** The targets that a query finds. Rows stay until newer ones are there, so that nothing blinks. */
export class TargetListing {
  readonly #client: DroverClient;
  readonly #listeners = new Set<() => void>();
  #state = start;
  #ticket = 0;

  constructor(client: DroverClient) {
    this.#client = client;
  }

  get state(): TargetListState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Looks for `query`; the first page is shown as soon as it comes, the rest when all of it has come. */
  readonly ask = (query: string): void => {
    if (query !== this.#state.query) {
      this.#set({ phase: 'loading' });
    }
    void this.#load(query, query !== this.#state.query || this.#state.rows.length === 0);
  };

  /** What was asked last, once more. */
  readonly refresh = (): void => void this.#load(this.#state.query, false);

  stop(): void {
    this.#ticket += 1;
  }

  async #load(query: string, showFirst: boolean): Promise<void> {
    this.#ticket += 1;
    const ticket = this.#ticket;
    const isOld = (): boolean => ticket !== this.#ticket;
    try {
      const rows: Target[] = [];
      let after: number | null = 0;
      while (after !== null) {
        const limit: number = after === 0 ? firstPage : nextPages;
        const page: Awaited<ReturnType<typeof this.page>> = await this.page({ query, after, limit });
        if (isOld()) {
          return;
        }
        rows.push(...page.targets);
        after = page.next;
        const isFirst = rows.length === page.targets.length;
        if (after === null) {
          this.#set({ query, rows, total: page.total, loaded: rows.length, phase: 'ready', error: null });
        } else if (isFirst && showFirst) {
          const shown = [...rows];
          this.#set({ query, rows: shown, total: page.total, loaded: rows.length, phase: 'more', error: null });
        } else if (showFirst) {
          this.#set({ loaded: rows.length });
        }
      }
    } catch (error) {
      if (!isOld() && error instanceof DroverError) {
        this.#set({ query, phase: 'ready', error });
      }
    }
  }

  page(input: { query: string; after: number; limit: number }) {
    return this.#client.call('target.list', input);
  }

  #set(change: Partial<TargetListState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
