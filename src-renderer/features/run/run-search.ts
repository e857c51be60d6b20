import type { InputOf } from '#contract';
import type { DroverClient } from '#contract/client';
import { DroverError } from '#contract/errors';
import type { FindFrame, FindHit, FindQuery } from '#contract/run-find';
import { followSteadily, type Gate } from '../../client/follow-steadily.ts';

export type SearchScope = Pick<InputOf<'run.find'>, 'run' | 'host' | 'stream'>;
export type SearchWords = Pick<FindQuery, 'text' | 'caseSensitive' | 'regex'>;

export type SearchInfo = {
  /** The first matching lines, in their order. */
  readonly hits: readonly FindHit[];
  readonly total: number;
  /** Matching lines by target. */
  readonly byHost: ReadonlyMap<number, number>;
  readonly bytes: number;
  /** How much of what is stored was searched, 0 to 1. */
  readonly share: number;
  /** `live`: all that is stored is searched, and more may come. */
  readonly state: 'searching' | 'live' | 'done' | 'stopped';
  readonly error: DroverError | null;
};

export const noSearch: SearchInfo = {
  hits: [],
  total: 0,
  byHost: new Map(),
  bytes: 0,
  share: 0,
  state: 'searching',
  error: null,
};

/** Matching lines that can be walked through. */
const mostHits = 5_000;

/** Sums up what one more frame tells. */
export function withFrame(info: SearchInfo, frame: FindFrame): SearchInfo {
  if (frame.kind === 'done') {
    return { ...info, share: 1, state: 'done' };
  }
  const byHost = new Map(info.byHost);
  let { total } = info;
  for (const { host, count } of frame.hosts) {
    byHost.set(host, (byHost.get(host) ?? 0) + count);
    total += count;
  }
  return {
    ...info,
    hits: frame.hits.length === 0 ? info.hits : inOrder(info.hits, frame.hits).slice(0, mostHits),
    byHost,
    total,
    bytes: info.bytes + frame.bytes,
    share: frame.caughtUp || frame.lastSeq === 0 ? 1 : frame.through / frame.lastSeq,
    state: frame.caughtUp ? 'live' : 'searching',
  };
}

/** New ones come later, but for lines that were never finished: those are told at the very end. */
function inOrder(known: readonly FindHit[], fresh: readonly FindHit[]): readonly FindHit[] {
  const all = [...known, ...fresh];
  return (fresh[0]?.seq ?? 0) > (known.at(-1)?.seq ?? 0) ? all : all.toSorted((one, other) => one.seq - other.seq);
}

type SearchParts = { readonly client: DroverClient; readonly gate: Gate; readonly onInfo: (info: SearchInfo) => void };

/** One search through the stored output of a run, and through what comes. */
export class RunSearch {
  readonly #parts: SearchParts;
  readonly #left = new AbortController();
  #info = noSearch;

  constructor(input: SearchScope & SearchWords, parts: SearchParts) {
    this.#parts = parts;
    void this.#follow({ ...input, limit: mostHits });
  }

  /** Leaves it where it is; what was found stays. */
  stop(): void {
    if (!this.#left.signal.aborted) {
      this.#left.abort();
      this.#tell({ ...this.#info, state: this.#info.state === 'done' ? 'done' : 'stopped' });
    }
  }

  /** Nobody wants to hear of it any more. */
  leave(): void {
    this.#left.abort();
  }

  async #follow(input: InputOf<'run.find'>): Promise<void> {
    const { signal } = this.#left;
    try {
      await followSteadily(
        this.#parts,
        { name: 'run.find', input, resume: (same, after) => ({ ...same, after }) },
        { signal, onItem: (frame) => this.#tell(withFrame(this.#info, frame)) },
      );
    } catch (error) {
      if (!signal.aborted && error instanceof DroverError) {
        this.#tell({ ...this.#info, state: 'stopped', error });
      }
    }
  }

  #tell(info: SearchInfo): void {
    this.#info = info;
    this.#parts.onInfo(info);
  }
}
