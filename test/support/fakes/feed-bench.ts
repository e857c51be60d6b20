import type { OutputFrame, OutputQuery, Run, RunChange, Stream } from '#contract/run';
import { DroverError } from '#contract/errors';
import { type FeedServices, runChanges, runOutput } from '#api/handlers/run-feeds';
import { CountedSignals } from './counted-signals.ts';
import { anna, storeRun } from './engine-rig.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryArchive } from './memory-archive.ts';

/** One item of a feed. */
export type Item<T> = { readonly seq: number; readonly item: T };

/** Runs that are written by hand, and feeds that watch them. */
export class FeedBench {
  readonly archive = new MemoryArchive();
  readonly signals = new CountedSignals();
  readonly clock = new FakeClock();
  outputPace = { count: 1, windowMs: 0 };
  readonly #n = new Map<string, number>();

  get services(): FeedServices {
    const { archive, signals, clock, outputPace } = this;
    return {
      archive,
      outputPace,
      signals,
      clock,
      find: (key: string | number) => {
        const run = archive.findRun(anna.teamId, key);
        if (!run) {
          throw new DroverError('not-found', 'No run');
        }
        return run;
      },
    };
  }

  run(id: string): Run {
    return this.services.find(id, anna);
  }

  working(hosts = 2): string {
    const id = storeRun(this.archive, hosts);
    this.archive.moveRun(id, 'pending', { status: 'running', phase: 'running' });
    for (let host = 0; host < hosts; host += 1) {
      this.archive.startHost(id, host, 1);
    }
    return id;
  }

  append(id: string, lines: number, [host, stream]: [number, Stream] = [0, 'out']): void {
    const key = `${id} ${host} ${stream}`;
    const firstN = (this.#n.get(key) ?? 0) + 1;
    this.#n.set(key, firstN + lines - 1);
    const text = Array.from({ length: lines }, (_, index) => `${host} ${stream} ${firstN + index}\n`).join('');
    const bytes = new TextEncoder().encode(text);
    this.archive.appendOutput(id, [{ host, attempt: 1, stream, firstN, slices: lines, at: 1, bytes }]);
    this.signals.hub.outputStored(id);
  }

  finish(id: string): void {
    this.archive.moveRun(id, 'running', { status: 'success', phase: 'ok', endedAt: 1 });
    this.signals.hub.stateChanged(id);
  }

  follow(query: Partial<OutputQuery> & { run: string | number }): Follower<OutputFrame> {
    return new Follower((signal) => runOutput(this.services, { after: 0, ...query }, { actor: anna, signal }));
  }

  watch(query: { run?: string; after?: number } = {}): Follower<RunChange> {
    return new Follower((signal) => runChanges(this.services, query, { actor: anna, signal }));
  }
}

/** Takes what a feed gives, as fast as it comes. */
export class Follower<T> {
  readonly items: Item<T>[] = [];
  readonly #abort = new AbortController();
  ended = false;
  error: unknown;

  constructor(open: (signal: AbortSignal) => AsyncIterable<Item<T>>) {
    void this.#take(open(this.#abort.signal));
  }

  stop(): void {
    this.#abort.abort();
  }

  async #take(feed: AsyncIterable<Item<T>>): Promise<void> {
    try {
      for await (const item of feed) {
        this.items.push(item);
      }
    } catch (error) {
      this.error = error;
    }
    this.ended = true;
  }
}
