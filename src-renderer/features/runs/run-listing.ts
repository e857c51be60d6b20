import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import { addPage, mergeRun, type RunListState, showWaiting } from './merge-runs.ts';
import { belongs, queryOf, type RunFilter } from './run-filter.ts';

export type ListingState = RunListState & {
  readonly next: number | null;
  readonly phase: 'loading' | 'more' | 'ready';
  readonly error: DroverError | null;
};

const start: ListingState = { rows: [], waiting: [], next: null, phase: 'loading', error: null };

export type ListingParts = {
  readonly client: DroverClient;
  readonly now: () => number;
  /** Everything that was listed, for who else wants to know the newest rows. */
  readonly onListed: (runs: readonly Run[]) => void;
};

const searchAgainMs = 500;

/** The runs that fit one filter: page by page, with changes as they happen. */
export class RunListing {
  readonly #parts: ListingParts;
  readonly #filter: RunFilter;
  readonly #listeners = new Set<() => void>();
  #state: ListingState = start;
  #ticket = 0;
  #searching: ReturnType<typeof setTimeout> | undefined;

  constructor(filter: RunFilter, parts: ListingParts) {
    this.#filter = filter;
    this.#parts = parts;
  }

  get state(): ListingState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The newest page, in the place of everything that was there. */
  load = (): void => void this.#load(null);

  loadMore = (): void => {
    const { phase, next } = this.#state;
    if (phase === 'ready' && next !== null) {
      this.#set({ phase: 'more' });
      void this.#load(next);
    }
  };

  showWaiting = (): void => this.#set(showWaiting(this.#state));

  stop(): void {
    this.#ticket += 1;
    clearTimeout(this.#searching);
  }

  /** A run has changed; `hold` keeps a new one back, because the reader has scrolled away from the top. */
  take(run: Run, hold: boolean): void {
    const fits = belongs(run, this.#filter, this.#parts.now());
    const text = this.#filter.text ?? '';
    const isShown = this.#state.rows.some((row) => row.no === run.no);
    if (text === '' || !fits || isShown) {
      this.#set(mergeRun(this.#state, run, { belongs: fits, hold }));
      return;
    }
    // What a text finds is the engine's to say.
    clearTimeout(this.#searching);
    this.#searching = setTimeout(() => void this.#searchAgain(hold), searchAgainMs);
  }

  async #searchAgain(hold: boolean): Promise<void> {
    const { client, now } = this.#parts;
    try {
      const { runs } = await client.call('run.list', { ...queryOf(this.#filter, now()), limit: 20 });
      for (const run of runs) {
        this.#set(mergeRun(this.#state, run, { belongs: true, hold }));
      }
    } catch {
      // The next change asks again, and a lost connection is said elsewhere.
    }
  }

  async #load(before: number | null): Promise<void> {
    const ticket = (this.#ticket += 1);
    const { client, now, onListed } = this.#parts;
    const query: InputOf<'run.list'> = {
      ...queryOf(this.#filter, now()),
      ...(before !== null && { before }),
    };
    try {
      const page = await client.call('run.list', query);
      if (ticket === this.#ticket) {
        onListed(page.runs);
        const merged = addPage(before === null ? start : this.#state, page.runs);
        this.#set({ ...merged, next: page.next, phase: 'ready', error: null });
      }
    } catch (error) {
      if (ticket === this.#ticket && error instanceof DroverError) {
        this.#set({ phase: 'ready', error });
      }
    }
  }

  #set(change: Partial<ListingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
