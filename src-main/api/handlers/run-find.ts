import type { FindFrame, FindQuery } from '#contract/run-find';
import type { Run } from '#contract/run';
import type { Actor, RawChunk } from '#core/ports';
import { Breath } from '#core/run/breath';
import { lineSearch } from '#core/run/find/line-search';
import { OutputFinder } from '#core/run/find/output-finder';
import { isFinal } from '#core/run/run-state';
import type { FeedServices } from './run-feeds.ts';
import { pause, Waiter } from './waiter.ts';

type Item = { readonly seq: number; readonly item: FindFrame };
type Asker = { readonly actor: Actor; readonly signal: AbortSignal };

/** What was found is told at most this often. */
const framePaceMs = 100;

/**
 * Searches a run's stored output from `after` on, in slices, then what comes until the run has ended. Each frame tells
 * what is new since the one before, so that who comes back with the number of the last frame misses and doubles nothing
 * but a match over the very border of two slices.
 */
export async function* runFind(services: FeedServices, query: FindQuery, asker: Asker): AsyncGenerator<Item> {
  const { id } = services.find(query.run, asker.actor);
  const scan = new Scan(services, { ...query, id }, asker);
  const waiter = new Waiter((listener) => services.signals.onRun(id, listener), asker.signal);
  try {
    while (!asker.signal.aborted) {
      // The state is read before the output: what a final run had stored is then all there.
      const run = services.find(id, asker.actor);
      yield* scan.all(run);
      if (isFinal(run.status)) {
        yield* scan.end(run);
        return;
      }
      await waiter.next();
      await pause(services.clock, framePaceMs, asker.signal);
    }
  } finally {
    waiter.close();
  }
}

class Scan {
  readonly #services: FeedServices;
  readonly #query: FindQuery & { readonly id: string };
  readonly #asker: Asker;
  readonly #finder: OutputFinder;
  readonly #total = { hits: 0, lines: 0, bytes: 0, hosts: new Set<number>() };
  #through: number;
  #told = Number.NEGATIVE_INFINITY;
  #begun = false;

  constructor(services: FeedServices, query: FindQuery & { readonly id: string }, asker: Asker) {
    this.#services = services;
    this.#query = query;
    this.#asker = asker;
    this.#finder = new OutputFinder(lineSearch(query), query.limit);
    this.#through = query.after;
  }

  /** Everything that is stored by now; the last frame says so. */
  async *all(run: Run): AsyncGenerator<Item> {
    const { archive, clock } = this.#services;
    const { id, host, stream } = this.#query;
    const filter = { ...(host !== undefined && { host }), ...(stream !== undefined && { stream }) };
    const breath = new Breath(clock);
    const before = this.#through;
    while (!this.#asker.signal.aborted) {
      const chunks = archive.getRaw(id, { ...filter, after: this.#through });
      if (chunks.length === 0) {
        break;
      }
      for (const chunk of chunks) {
        await this.#search(chunk, breath);
        if (clock.monotonic() - this.#told >= framePaceMs) {
          yield this.#frame(run, false);
        }
      }
      await breath.taken();
    }
    if (!this.#asker.signal.aborted && (!this.#begun || this.#through > before)) {
      yield this.#frame(run, true);
    }
    this.#begun = true;
  }

  async *end(run: Run): AsyncGenerator<Item> {
    this.#finder.finish();
    const last = this.#frame(run, true);
    if (last.item.kind === 'scanned' && last.item.hosts.length > 0) {
      yield last;
    }
    const { hosts, ...sums } = this.#total;
    const item = { kind: 'done', after: this.#query.after, ...sums, hosts: hosts.size } as const;
    yield { seq: Math.max(this.#through, run.lastSeq), item };
  }

  async #search(chunk: RawChunk, breath: Breath): Promise<void> {
    const steps = this.#finder.take(chunk);
    while (!steps.next().done) {
      const turn = breath.taken();
      if (turn) {
        await turn;
        if (this.#asker.signal.aborted) {
          return;
        }
      }
    }
    this.#through = chunk.lastSeq;
  }

  #frame({ lastSeq }: Run, caughtUp: boolean): Item {
    const found = this.#finder.report();
    this.#told = this.#services.clock.monotonic();
    this.#total.lines += found.lines;
    this.#total.bytes += found.bytes;
    for (const { host, count } of found.hosts) {
      this.#total.hits += count;
      this.#total.hosts.add(host);
    }
    const through = this.#through;
    return {
      seq: through,
      item: { kind: 'scanned', through, lastSeq: Math.max(through, lastSeq), ...found, caughtUp },
    };
  }
}
