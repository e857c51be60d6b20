import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { HostRow, RunChange } from '#contract/run';
import { followSteadily, type Gate } from './follow-steadily.ts';
import { isFinal } from './live-runs.ts';

export type RunHostsState = {
  /** In the order of the plan; a new array whenever one of them has changed. */
  readonly rows: readonly HostRow[];
  /** Every target has been read at least once. */
  readonly isWhole: boolean;
  readonly error: DroverError | null;
};

type Parts = {
  readonly client: DroverClient;
  readonly gate: Gate;
  /** Hears what the feed says of the run itself. */
  readonly onChange: (change: RunChange) => void;
};

/** The first page is small, so that something is seen at once. */
const firstPage = 500;
const nextPage = 5_000;

/** Changes are told at most this often: a list of thousands is put in order again each time. */
const tellEveryMs = 150;

/**
 * The targets of one run: read once by pages, then kept up by what the feed says of each, until the run has ended. Holds
 * one row for each target and nothing else, however often they change.
 */
export class RunHosts {
  readonly #no: number;
  readonly #parts: Parts;
  readonly #listeners = new Set<() => void>();
  readonly #left = new AbortController();
  #rows: HostRow[] = [];
  #state: RunHostsState = { rows: [], isWhole: false, error: null };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(no: number, parts: Parts) {
    this.#no = no;
    this.#parts = parts;
  }

  get state(): RunHostsState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads, then follows; resolves when nothing more is to come, never rejects but for a bug. */
  async start(): Promise<void> {
    try {
      const since = await this.#read();
      if (since !== null) {
        await this.#follow(since);
      }
    } catch (error) {
      if (!(error instanceof DroverError)) {
        throw error;
      }
      if (!this.#left.signal.aborted) {
        this.#set({ error });
      }
    }
  }

  stop(): void {
    this.#left.abort();
    clearTimeout(this.#timer);
  }

  /** All rows as they stand; gives the revision they are at least as new as, null when the run has ended. */
  async #read(): Promise<number | null> {
    const { client, gate } = this.#parts;
    const { signal } = this.#left;
    for (;;) {
      await gate.open(signal);
      if (signal.aborted) {
        return null;
      }
      try {
        // The run before its targets: what changes while they are read is told again by the feed.
        const { run } = await client.call('run.get', { run: this.#no });
        await this.#readPages(signal);
        this.#set({ isWhole: true, error: null });
        return isFinal(run) || signal.aborted ? null : run.rev;
      } catch (error) {
        // The gate is closed by then, and opens when the engine is back.
        if (!(error instanceof DroverError) || error.code !== 'engine-unreachable') {
          throw error;
        }
      }
    }
  }

  async #readPages(signal: AbortSignal): Promise<void> {
    let limit = firstPage;
    for (let after: number | null = -1; after !== null && !signal.aborted;) {
      const page: { hosts: HostRow[]; next: number | null } = await this.#parts.client.call('run.hosts', {
        run: this.#no,
        after,
        limit,
      });
      this.#take(page.hosts);
      after = page.next;
      limit = nextPage;
      this.#tell();
    }
  }

  async #follow(since: number): Promise<void> {
    const done = new AbortController();
    await followSteadily(
      this.#parts,
      {
        name: 'run.changes',
        input: { run: this.#no, after: since },
        resume: (input, after) => ({ ...input, after }),
      },
      {
        signal: AbortSignal.any([this.#left.signal, done.signal]),
        onItem: (change) => {
          if (change.kind === 'hosts') {
            this.#take(change.hosts);
            this.#timer ??= setTimeout(this.#tell, tellEveryMs);
            return;
          }
          this.#parts.onChange(change);
          // Its targets were told before it: there is nothing more to wait for, and a browser has few connections.
          if (isFinal(change.run)) {
            this.#tell();
            done.abort();
          }
        },
      },
    );
  }

  #take(hosts: readonly HostRow[]): void {
    for (const row of hosts) {
      this.#rows[row.host] = row;
    }
  }

  readonly #tell = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#set({});
  };

  #set(change: Partial<RunHostsState>): void {
    this.#state = { ...this.#state, ...change, rows: [...this.#rows] };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
