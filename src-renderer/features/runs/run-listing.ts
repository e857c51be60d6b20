import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { Run } from '#contract/run';
import { addPage, mergeRun, nothingListed, type RunListState, showWaiting, updateRun } from './merge-runs.ts';
import { belongs, queryOf, type RunFilter } from './run-filter.ts';

export type ListingState = RunListState & {
  /** Below which number older runs were not looked at yet; null when there are none. */
  readonly next: number | null;
  /** `more` while older runs are looked for. */
  readonly phase: 'loading' | 'more' | 'ready';
  readonly error: DroverError | null;
};

const start: ListingState = { ...nothingListed, next: null, phase: 'loading', error: null };

export type ListingParts = {
  readonly client: DroverClient;
  readonly now: () => number;
  /** Everything that was listed, for who else wants to know the newest rows. */
  readonly onListed: (runs: readonly Run[]) => void;
};

/** Changes are gathered so long before the engine is asked which of them fit. */
const gatherMs = 400;
/** The contract's limit of numbers in one question. */
const mostNumbers = 500;
/** Fewer rows than this do not fill a screen: a search that came back with less goes on by itself. */
const enoughRows = 40;

/** The runs that fit one filter: page by page, with changes as they happen. */
export class RunListing {
  readonly #parts: ListingParts;
  readonly #filter: RunFilter;
  readonly #listeners = new Set<() => void>();
  /** What changed while a page was on its way, which may show it as it was before. */
  readonly #meanwhile = new Map<number, Run>();
  /** Changed runs of which only the engine can tell whether they fit. */
  readonly #changed = new Map<number, Run>();
  #state: ListingState = start;
  #ticket = 0;
  #stops = 0;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #hold = false;

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

  /** Leaves off looking for older runs; what was found stays. */
  stopLooking = (): void => {
    this.#ticket += 1;
    this.#set({ phase: 'ready' });
  };

  showWaiting = (): void => this.#set(showWaiting(this.#state));

  stop(): void {
    this.#ticket += 1;
    this.#stops += 1;
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    this.#changed.clear();
    this.#meanwhile.clear();
  }

  /** A run has changed; `hold` keeps a new one back, because the reader has scrolled away from the top. */
  take(run: Run, hold: boolean): void {
    const shown = this.#state.rows.find(({ no }) => no === run.no);
    if (shown && shown.rev >= run.rev) {
      return;
    }
    if (this.#state.phase !== 'ready') {
      this.#meanwhile.set(run.no, run);
    }
    if ((this.#filter.text?.trim() ?? '') === '') {
      this.#set(mergeRun(this.#state, run, { belongs: belongs(run, this.#filter, this.#parts.now()), hold }));
      return;
    }
    // What a search finds is the engine's to say; what is shown is brought up to date meanwhile.
    this.#set(updateRun(this.#state, run));
    this.#changed.set(run.no, run);
    this.#hold = hold;
    this.#gathering ??= setTimeout(() => void this.#judge(), gatherMs);
  }

  async #judge(): Promise<void> {
    const stops = this.#stops;
    const asked = [...this.#changed.values()].toSorted((one, other) => other.no - one.no).slice(0, mostNumbers);
    try {
      const fitting = await this.#fitting(asked.map(({ no }) => no));
      if (stops === this.#stops) {
        this.#settle(asked, fitting);
      }
    } catch {
      // They stay in question and are asked for again; a lost connection is said elsewhere.
    }
    if (stops === this.#stops) {
      this.#gathering = this.#changed.size > 0 ? setTimeout(() => void this.#judge(), gatherMs) : undefined;
    }
  }

  #settle(asked: readonly Run[], fitting: ReadonlySet<number>): void {
    for (const run of asked) {
      // What changed once more meanwhile may have been judged as it was before: it stays in question.
      if (this.#changed.get(run.no) === run) {
        this.#changed.delete(run.no);
        this.#set(mergeRun(this.#state, run, { belongs: fitting.has(run.no), hold: this.#hold }));
      }
    }
  }

  async #fitting(numbers: readonly number[]): Promise<ReadonlySet<number>> {
    const found = new Set<number>();
    const query = { ...queryOf(this.#filter, this.#parts.now()), numbers: [...numbers], limit: mostNumbers };
    for (let before: number | null | undefined; before !== null;) {
      const page = await this.#ask({ ...query, ...(before !== undefined && { before }) });
      for (const { no } of page.runs) {
        found.add(no);
      }
      before = page.next;
    }
    return found;
  }

  #ask(query: InputOf<'run.list'>): Promise<{ runs: Run[]; next: number | null }> {
    return this.#parts.client.call('run.list', query);
  }

  async #load(from: number | null): Promise<void> {
    const ticket = (this.#ticket += 1);
    let before = from;
    let found = 0;
    try {
      do {
        const query = queryOf(this.#filter, this.#parts.now());
        const page = await this.#ask({ ...query, ...(before !== null && { before }) });
        if (ticket !== this.#ticket) {
          return;
        }
        const isFirst = before === null;
        const merged = addPage(isFirst ? nothingListed : this.#state, page.runs);
        before = page.next;
        found += page.runs.length;
        const goesOn = before !== null && found < enoughRows;
        this.#set({ ...merged, next: before, phase: goesOn ? 'more' : 'ready', error: null });
        this.#parts.onListed(page.runs);
        this.#catchUp(isFirst ? null : page.runs);
      } while (this.#state.phase === 'more');
    } catch (error) {
      if (ticket === this.#ticket && error instanceof DroverError) {
        this.#set({ phase: 'ready', error });
      }
    }
  }

  /** Of all runs after a first page, which took the place of everything; else of those on the page. */
  #catchUp(page: readonly Run[] | null): void {
    const onPage = page && new Set(page.map(({ no }) => no));
    const missed = [...this.#meanwhile.values()].filter(({ no }) => onPage?.has(no) ?? true);
    if (this.#state.phase === 'ready') {
      this.#meanwhile.clear();
    }
    for (const run of missed) {
      this.take(run, false);
    }
  }

  #set(change: Partial<ListingState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
